// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit

/// The mask of unbound work, of which the kernel holds two since 6.8: what was asked for, and that without isolated CPUs.
///
/// `cpumask` is written as the first and read as the second, `cpumask_requested` is read as the first. A CPU that is written although
/// a partition isolates it takes unbound work at once, and until the next CPU is isolated ("Not excluding isolated cpus on purpose",
/// `workqueue_set_unbound_cpumask` in kernel/workqueue.c).
enum UnboundWork {
    private static let requested = KernelFile(.sys, "devices/virtual/workqueue/cpumask_requested")

    /// What was asked for; nil before 6.8.
    static func asked(on machine: any Machine) -> ControlValue? {
        askedText(on: machine).flatMap { ControlFile.unboundWork.value(in: $0) }
    }

    fileprivate static func askedText(on machine: any Machine) -> String? { machine.textIfPresent(of: requested) }

    /// A mask without isolated CPUs, or the mask itself where none would be left.
    static func mask(_ mask: ControlValue, without isolated: CPUSet) -> ControlValue {
        guard let cpus = mask.cpus, !cpus.isDisjoint(with: isolated), !cpus.isSubset(of: isolated) else { return mask }
        return .cpus(cpus.subtracting(isolated))
    }
}

extension Machine {
    /// The CPUs that partitions and `isolcpus=` isolate now; none before 6.8, and on cgroup v1.
    var isolatedCPUs: CPUSet {
        textIfPresent(of: CgroupPath.root.file("cpuset.cpus.isolated")).flatMap { CPUSet(kernelList: $0) } ?? []
    }

    /// What was written to a file: of the mask of unbound work what was asked for, which the kernel narrows by itself.
    package func asked(of file: ControlFile) -> ControlValue? {
        askedText(of: file).flatMap { file.value(in: $0) }
    }

    /// The same as text; nil where the file is missing or cannot be read.
    func askedText(of file: ControlFile) -> String? {
        (file == .unboundWork ? UnboundWork.askedText(on: self) : nil) ?? textIfPresent(of: location(of: file))
    }
}
