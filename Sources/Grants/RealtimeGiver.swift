// SPDX-License-Identifier: Apache-2.0

import CgroupKit
internal import Containers
internal import Linux
import MachineKit

/// Gives the first process of a container its real-time scheduling.
///
/// A hook runs after the group has its CPUs and before the program does. runc and crun exec the program from the thread that
/// is scheduled here, so that it keeps policy and limit; runc sets the limits of the configuration later, and those are never
/// raised.
struct RealtimeGiver {
    let process: Int32
    let group: CgroupPath
    let layout: CgroupLayout
    let machine: any Machine

    /// Sets limit and policy, and asks the kernel what it made of them.
    func give(_ realtime: Grant.Realtime) -> [UnmetRequest] {
        if realtime.priority > 0 {
            do throws(Errno) {
                try machine.setPriorityLimit(UInt64(realtime.priority), of: process)
            } catch {
                return [UnmetRequest(.realtime, "cannot raise its RLIMIT_RTPRIO to \(realtime.priority): \(error)")]
            }
        }
        // crun has set that before, with flags that nobody here knows, and runc sets it later.
        guard realtime.isRuntimes != true, let wanted = scheduling(realtime) else { return [] }
        do throws(Errno) {
            try set(wanted)
            let held = try machine.scheduling(of: process)
            if held.policy == wanted.policy, held.priority == wanted.priority { return [] }
            return [UnmetRequest(.realtime, "the kernel left its first process at policy '\(held.policy)'")]
        } catch {
            return [UnmetRequest(.realtime, "cannot give real-time scheduling: \(error)\(hint(error, realtime))")]
        }
    }

    /// A deadline is given by the CPU that the process ran on last, and it may not have run since its group got its own ones:
    /// freezing wakes it for a moment (`__sched_setscheduler()` looks at the root domain of `task_rq()`).
    private func set(_ scheduling: Scheduling) throws(Errno) {
        do throws(Errno) {
            try machine.setScheduling(scheduling, of: process)
        } catch  where error == .notPermitted && scheduling.policy == .deadline && layout.version == .v2 {
            let freezer = group.file("cgroup.freeze")
            try? machine.write("1", to: freezer)
            machine.pause()
            try? machine.write("0", to: freezer)
            machine.pause()
            try machine.setScheduling(scheduling, of: process)
        }
    }

    private func scheduling(_ realtime: Grant.Realtime) -> Scheduling? {
        switch realtime.policy.flatMap(RealtimePolicy.init(rawValue:)) {
        case .fifo: Scheduling(.fifo, priority: UInt32(realtime.priority))
        case .rr: Scheduling(.roundRobin, priority: UInt32(realtime.priority))
        case .deadline:
            realtime.budget.map {
                // A task with a deadline may only fork when its children have none.
                Scheduling(
                    Scheduling.Reservation(runtime: $0.runtime, deadline: $0.deadline, period: $0.period),
                    flags: .resetOnFork)
            }
        case nil: nil
        }
    }

    /// Why the kernel refuses what root may do elsewhere, sched_setattr(2) and `kernel/sched/`.
    private func hint(_ errno: Errno, _ realtime: Grant.Realtime) -> String {
        switch (errno, realtime.policy) {
        case (.notPermitted, "deadline"):
            "; deadlines need CPUs that no others are balanced with: ask for cpu-load-balancing.crio.io=disable too"
        case (.busy, _): "; the kernel has no such share of time left on these CPUs"
        case (.notPermitted, _):
            layout.hasLegacyBudget
                ? "; its cpu group has no real-time budget (CONFIG_RT_GROUP_SCHED)"
                : "; with CONFIG_RT_GROUP_SCHED the kernel allows none below the root cgroup: boot with rt_group_sched=0 (6.16)"
        default: ""
        }
    }
}

/// How much real-time a set of CPUs has left.
struct Admission {
    let ledger: Ledger
    let machine: any Machine

    /// Why a grant asks for more real time than its CPUs have left; nil when they have it.
    ///
    /// Grants that share a CPU share its time. The kernel admits deadlines by itself, and everything else never.
    func refusal(of grant: Grant) -> String? {
        guard let asked = grant.realtime?.budget?.perSecond, !grant.cpus.isEmpty else { return nil }
        let others = ledger.grants.filter { $0.id != grant.id && !$0.cpus.isDisjoint(with: grant.cpus) }
        let given = others.compactMap { $0.realtime?.budget?.perSecond }.reduce(0, +)
        let all = share * grant.cpus.count
        guard asked + given > all else { return nil }
        let rest = given == 0 ? "" : ", of which \(given) µs are given to others"
        return "\(asked) µs of each second are more than its \(grant.cpus.title) have for real time, \(all) µs\(rest)"
    }

    /// How many microseconds of each second real-time tasks may have of a CPU, `kernel.sched_rt_runtime_us`.
    private var share: Int {
        func setting(_ name: String) -> Int? {
            machine.textIfPresent(of: KernelFile(.proc, "sys/kernel/\(name)")).flatMap { Int($0) }
        }
        guard let runtime = setting("sched_rt_runtime_us"), let period = setting("sched_rt_period_us"), runtime >= 0,
            period > 0
        else { return 1_000_000 }
        return runtime * 1_000_000 / period
    }
}
