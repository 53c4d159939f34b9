// SPDX-License-Identifier: Apache-2.0

import HookSeccompProgram
package import Linux
package import MachineKit

/// What a hook gives up before it reads what strangers shaped: time without end, rights, and most system calls.
package enum Sandbox {
    /// The priority of tasks of others, and limits above those that hold: sched_setattr(2), prlimit(2).
    private static let rights: [Capability] = [.sysNice, .sysResource]

    /// Closes the door; only ending opens it again.
    ///
    /// The kernel asks for CAP_SYS_ADMIN to isolate a group whose parent is no partition (cgroup v2, 6.7 and newer,
    /// `remote_partition_enable()`); what else that right allows the filter refuses. The bounds of what a program may regain
    /// stay: only `execve` could use them, and the filter lets nothing execute.
    ///
    /// - Parameters:
    ///   - version: Where the cpuset controller is.
    ///   - seconds: How long the hook may take: runtimes wait for it, and kubelet for the runtime.
    /// - Throws: `Errno` when the kernel takes nothing away; then nothing may be read.
    package static func enter(_ version: CgroupLayout.Version?, seconds: Int) throws(Errno) {
        try OwnDeadline.set(
            milliseconds: seconds * 1000,
            line:
                "rtshield-hook: gave up after \(seconds) s; another rtshield may hold \(lock), or the machine is overloaded\n",
            status: HookOutcome.refused)
        try CurrentProcess.forbidDumps()
        try Capabilities.keep(only: version == .v2 ? rights + [.sysAdmin] : rights, emptyingBounds: false)
        try SeccompProgram.hook().install()
    }

    private static let lock = "/run/rtshield/lock"
}
