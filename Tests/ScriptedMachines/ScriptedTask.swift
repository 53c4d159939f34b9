// SPDX-License-Identifier: Apache-2.0

@testable import MachineKit
@testable import CgroupKit

/// One thread of the imitated machine.
struct ScriptedTask: Hashable {
    /// `PF_KTHREAD` and `PF_NO_SETAFFINITY`.
    static let kernel: UInt32 = 0x0020_0000
    static let bound: UInt32 = 0x0400_0000

    var id: Int32
    /// The id of its process.
    var process: Int32
    var name: String
    var flags: UInt32
    var parent: Int32
    var startTime: UInt64
    var group: CgroupPath
    var affinity: CPUSet
    /// The mask that the task itself, or somebody for it, chose; kernels from 6.2 keep it.
    var chosen: CPUSet?
    /// How many times in a row it and its children fork while they are moved, each leaving a child behind.
    var forks = 0
    /// Whether it ends at the moment at which it is moved.
    var vanishes = false

    var refusesAffinity: Bool { flags & Self.bound != 0 }
    var isKernelThread: Bool { flags & Self.kernel != 0 }
    var isPerCPU: Bool { refusesAffinity && affinity.count == 1 }

    /// The text of its `stat` file, proc_pid_stat(5).
    var stat: String {
        let head = "\(id) (\(name)) S \(parent) \(process) \(process) 0 -1 \(flags)"
        let counters = " 0 0 0 0 1 2 0 0 20 0 1 0 \(startTime)"
        return head + counters + String(repeating: " 0", count: 16) + " \(affinity.first ?? 0) 0 0\n"
    }
}
