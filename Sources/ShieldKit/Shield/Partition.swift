// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// A named part of the shield: `user` for host processes, `docker` for containers, or one that an administrator named.
package struct Partition: Hashable, Sendable, Codable {
    package var name: String
    package var cpus: CPUSet
    package var mems: MemoryNodes

    package init(_ name: String, cpus: CPUSet, mems: MemoryNodes) {
        self.name = name
        self.cpus = cpus
        self.mems = mems
    }

    /// The partition of containers.
    package static let containers = "docker"
    /// The partition of host processes, where `rtshield run` starts programs.
    package static let processes = "user"
    /// The housekeeping partition: everything that is not on the shield.
    package static let housekeeping = "system"

    /// Whether a name can be a group and a systemd slice: lower-case letters, digits and `_`, beginning with a letter.
    ///
    /// A `-` is left out because systemd reads it as a level of the slice tree (systemd.slice(5)).
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isLowercaseLetter, text.utf8.count <= 32 else { return false }
        return text.utf8.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    }
}

extension UInt8 {
    fileprivate var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
