// SPDX-License-Identifier: Apache-2.0

internal import Containers
import MachineKit

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
