// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// Run-time drop-ins and units for systemd, put in place together so that one `daemon-reload` takes them all.
package struct UnitChange: Hashable, Sendable, Codable {
    /// One file below `/run/systemd/system`; nil content means that it does not exist.
    package struct File: Hashable, Sendable, Codable {
        package var path: String
        package var old: UnitContent?
        package var new: UnitContent?

        package init(_ path: String, old: UnitContent?, new: UnitContent?) {
            self.path = path
            self.old = old
            self.new = new
        }

        /// Whether the file is that of a slice of the shield, and no drop-in.
        package var isSlice: Bool { (new ?? old)?.settings?.section == .slice }
    }

    package var files: [File]
    /// The CPUs that units get by these files, and got by those before.
    package var given: [CPUSet]
    package var givenBefore: [CPUSet]
    /// Groups that had cpuset values of their own before, which taking the change back must leave alone.
    package var settled: [CgroupPath]
    /// Groups that handed the cpuset controller down before.
    package var handingDown: [CgroupPath]

    package init(
        files: [File], given: [CPUSet], givenBefore: [CPUSet], settled: [CgroupPath], handingDown: [CgroupPath]
    ) {
        self.files = files
        self.given = given
        self.givenBefore = givenBefore
        self.settled = settled
        self.handingDown = handingDown
    }

    /// Slices to start after the reload; starting one that is active does nothing.
    package var start: [String] { files.filter { $0.isSlice && $0.new != nil }.map(\.path) }

    /// Slices that have no file any more.
    package var stop: [String] { files.filter { $0.isSlice && $0.new == nil }.map(\.path) }

    package var inverse: UnitChange {
        UnitChange(
            files: files.map { File($0.path, old: $0.new, new: $0.old) }, given: givenBefore, givenBefore: given,
            settled: settled, handingDown: handingDown)
    }
}
