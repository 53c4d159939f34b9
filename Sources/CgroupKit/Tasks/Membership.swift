// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// The groups that a task is in, one in each hierarchy: `/proc/PID/cgroup`.
package struct Membership: Hashable, Sendable {
    private let lines: [ArraySlice<UInt8>]

    /// Takes the bytes of the file.
    package init(_ text: [UInt8]) { lines = text.split(separator: UInt8(ascii: "\n")) }

    /// The group in the hierarchy that holds the cpusets; nil when there is none.
    package func group(in layout: CgroupLayout) -> CgroupPath? { group(of: layout.version == .v1 ? "cpuset" : nil) }

    /// The group in the hierarchy that gives out time; nil when there is none.
    package func budgetGroup(in layout: CgroupLayout) -> CgroupPath? { group(of: layout.hasLegacyBudget ? "cpu" : nil) }

    /// The group in the cgroup v1 hierarchy of a controller, or in that of cgroup v2.
    private func group(of controller: String?) -> CgroupPath? {
        for line in lines {
            // "4:cpuset:/docker/x" and "0::/system.slice"; the path itself may hold colons.
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let names = fields[1].split(separator: UInt8(ascii: ","))
            let isWanted = controller.map { name in names.contains { $0.elementsEqual(name.utf8) } }
            if isWanted ?? fields[0].elementsEqual("0".utf8) {
                return CgroupPath(String(decoding: fields[2], as: UTF8.self))
            }
        }
        return nil
    }
}
