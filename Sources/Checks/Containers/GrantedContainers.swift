// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Grants
import Linux
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let grantsOfTheGone = Rule(
        "gone", .containers,
        title: "Nothing is granted to containers that are gone",
        why:
            "A container that dies without its hook leaves its CPUs without interrupts and kernel threads, and its share of "
            + "real-time is not given to others.",
        reference: specManual
    ) { evidence in
        (evidence.containers.ledger?.grants ?? []).compactMap { grant in
            guard !grant.isAlive(on: evidence.machine) else { return nil }
            return .warning(
                "\(grant.engine) \(grant.id.prefix(12)) is gone, and still has what it was granted"
                    + (grant.cpus.isEmpty ? "" : " on CPUs \(grant.cpus)"), wanted: "no row of it in 'rtshield ps'",
                fix: "rtshield reconcile")
        }
    }

    static let grantedCPUs = Rule(
        "cpus", .containers,
        title: "Containers run on the CPUs that they were granted",
        why:
            "'docker update', 'runc update', kubelet after a restart and systemd write a container's CPUs again. What the "
            + "hook made quiet are those that it had when it started.",
        reference: cpuManagerManual
    ) { evidence in
        (evidence.containers.ledger?.grants ?? []).compactMap { grant in
            let wanted = grant.cpus.isEmpty ? grant.housekeeping : grant.cpus
            guard !wanted.isEmpty, grant.isAlive(on: evidence.machine), let group = evidence.host.groups[grant.group]
            else {
                return nil
            }
            let actual = evidence.host.groups.allowed(in: group.path)
            let title = "\(grant.engine) \(grant.id.prefix(12))"
            if grant.cpus.isEmpty {
                let more = actual.subtracting(wanted)
                return more.isEmpty
                    ? nil
                    : .warning(
                        "\(title) is kept on CPUs \(wanted), and may run on \(more) too", wanted: "CPUs \(wanted)",
                        fix: "rtshield reconcile")
            }
            if actual == wanted { return .ok("\(title) runs on its CPUs \(actual)") }
            return .warning(
                "\(title) was granted CPUs \(wanted), and runs on \(actual)", wanted: "CPUs \(wanted)",
                fix: "stop it and start it again: the hook grants only then")
        }
    }

    static let grantedRealtime = Rule(
        "realtime", .containers,
        title: "The first process of a container is scheduled as it was granted",
        why:
            "The hook sets the policy before the program starts. A program may give it up, and whoever has CAP_SYS_NICE may "
            + "go above the ceiling.",
        reference: "https://man7.org/linux/man-pages/man7/sched.7.html"
    ) { evidence in
        (evidence.containers.ledger?.grants ?? []).compactMap { grant in
            guard let realtime = grant.realtime, grant.isAlive(on: evidence.machine),
                let actual = TaskStat(reading: grant.process, on: evidence.machine)
            else { return nil }
            let title = "\(grant.engine) \(grant.id.prefix(12))"
            if actual.isRealtime, actual.realtimePriority > realtime.priority {
                return .warning(
                    "\(title) runs as \(actual.schedulingTitle), above its ceiling of \(realtime.priority)",
                    wanted: "priority \(realtime.priority) at most",
                    fix: "take CAP_SYS_NICE from the container, and start it again")
            }
            guard let policy = realtime.policy, policy != actual.policyName else { return nil }
            return .note(
                "\(title) was granted \(policy), and its first process has \(actual.schedulingTitle)", wanted: policy,
                fix: "chrt -p \(grant.process)")
        }
    }
}

extension TaskStat {
    /// The policy, as annotations name it.
    fileprivate var policyName: String {
        switch policy {
        case .fifo: "fifo"
        case .roundRobin: "rr"
        case .deadline: "deadline"
        default: "other"
        }
    }
}
