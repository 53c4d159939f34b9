// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit
import ShieldKit

/// The rights without which a shield cannot be made, asked of libcap before anything is touched.
enum Privileges {
    /// Writing cgroup files that root owns, and setting the affinity of tasks of others (sched_setaffinity(2)).
    private static let needed: [Capability] = [.dacOverride, .sysNice]

    static func check() throws(Failure) {
        let held = (try? Capabilities.current()) ?? Capabilities([])
        let missing = needed.filter { !held.has($0) }.map(\.name)
        guard missing.isEmpty else {
            throw Failure(
                "needs \(missing.joined(separator: " and ")) to change cpusets and affinities",
                why: "this process, of user \(CurrentProcess.effectiveUserID), does not have it",
                try: "run it as root on the host, as with 'sudo rtshield …'", status: Exit.refused)
        }
    }
}
