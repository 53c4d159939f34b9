// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit

/// Explains a refusal after it happened: the kernel decides, and rtshield finds out why.
struct Diagnosis {
    /// Why something was refused, and what a person can do.
    typealias Reason = (why: String, advice: String)

    private let machine: any Machine
    private let host: Host

    init(machine: any Machine, host: Host) {
        self.machine = machine
        self.host = host
    }

    func explain(_ cause: Refusal.Cause, _ write: Write?) -> Refusal {
        let reason: Reason =
            switch cause {
            case .file(let error): reason(error, write)
            case .notHeld:
                (
                    "another program wrote to the file at the same moment, or the kernel changed the value",
                    "find out who else manages cpusets here, and try again"
                )
            case .invalidPartition(_, let state): reason(state, write)
            case .program: ("the program failed", "try again")
            }
        return Refusal(cause, why: reason.why, advice: reason.advice)
    }

    // MARK: - Error numbers

    private func reason(_ error: FileError, _ write: Write?) -> Reason {
        let group = write?.file.cgroup
        let wanted = write?.new.cpus ?? []
        switch error.errno {
        case .busy: return busy(group, wanted)
        case .invalidArgument: return invalid(group, wanted)
        case .permissionDenied: return denied(group, wanted)
        case .notPermitted:
            return ("this user may not do that", "run rtshield as root on the host, outside any container")
        case .noSpace:
            return (
                "the kernel does not accept an empty CPU or memory list for a cgroup that has tasks",
                "give the cgroup CPUs"
            )
        case .outOfRange:
            return (
                "a CPU number is above the highest that this kernel can have", "see /sys/devices/system/cpu/kernel_max"
            )
        case .readOnlyFileSystem:
            return ("it is mounted read-only, as in a container", "run rtshield on the host itself")
        case .noSuchFileOrDirectory:
            return (
                "it no longer exists, or this kernel does not have it",
                "try again; 'rtshield status' shows what is there"
            )
        default: return ("the kernel gave no further reason", "'dmesg | tail' may tell more")
        }
    }

    private func busy(_ group: CgroupPath?, _ wanted: CPUSet) -> Reason {
        let child = group.flatMap { group in
            tree.children(of: group).first { !($0.cpus ?? []).isSubset(of: wanted) }
        }
        guard let child else { return ("the cgroup is in use", "stop the programs in it, and try again") }
        return (
            "its child \(child.path) has CPUs \(child.cpus ?? []), and a v1 cgroup must have all CPUs of its children",
            "stop the programs in \(child.path.title), or include its CPUs"
        )
    }

    private func invalid(_ group: CgroupPath?, _ wanted: CPUSet) -> Reason {
        let sibling = group.flatMap { group in
            tree.children(of: group.parent).first {
                $0.path != group && $0.isExclusive && !($0.cpus ?? []).isDisjoint(with: wanted)
            }
        }
        guard let sibling else {
            return ("the kernel does not accept this value here", "check the CPUs against 'rtshield status'")
        }
        return (
            "its sibling \(sibling.path) has CPUs \(sibling.cpus ?? []) exclusively",
            "'cset shield --reset' if cset made it, or write 0 to its cpu_exclusive file"
        )
    }

    private func denied(_ group: CgroupPath?, _ wanted: CPUSet) -> Reason {
        if let group, let parent = tree[group.parent], let cpus = parent.cpus, !wanted.isSubset(of: cpus) {
            return (
                "its parent \(parent.path) has only CPUs \(cpus), and on v1 a cgroup cannot have more, whatever its "
                    + "permissions",
                "give \(parent.path) more CPUs, or request fewer"
            )
        }
        return ("this user may not write the file", "run rtshield as root on the host, outside any container")
    }

    private var tree: CgroupTree { CgroupTree(reading: host.layout, on: machine) }

    // MARK: - Partitions

    /// The kernel's own reason, and the sibling that it means where it means one.
    private func reason(_ state: PartitionState, _ write: Write?) -> Reason {
        let said = state.invalidReason ?? ""
        let kernel = said.isEmpty ? "the kernel gives no reason" : "the kernel says: \(said)"
        let group = write?.file.cgroup ?? .root
        let groups = tree
        let cpus = groups[group]?.cpus ?? []
        for sibling in groups.children(of: group.parent) where sibling.path != group {
            // Since 7.0 a list counts no more: only what is reserved, or in a partition.
            let listed = host.kernel < KernelVersion(7, 0) ? sibling.cpus ?? [] : sibling.taken
            let held = listed.union(sibling.reserved).intersection(cpus)
            guard !held.isEmpty else { continue }
            return (
                "\(kernel); cgroup \(sibling.path) \(host.kernel < KernelVersion(7, 0) ? "lists" : "has") CPU \(held)",
                "remove CPU \(held) from \(sibling.path), or leave it out of the shield"
            )
        }
        if said.contains("housekeeping") {
            return (kernel, "boot without isolcpus= for these CPUs, or use the open placement")
        }
        if said.contains("hotplug") { return (kernel, "bring the CPUs of the pool online") }
        return (kernel, "use the open placement, which needs no partition")
    }
}
