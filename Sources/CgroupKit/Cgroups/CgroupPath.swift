// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// The path of a group inside its hierarchy: `/` is the root, `/docker/abc` a group two levels down.
package struct CgroupPath: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// The names on the way from the root, none for the root itself.
    package let components: [String]

    package static let root = CgroupPath(components: [])

    package init(components: [String]) {
        self.components = components
    }

    /// Reads a path such as `/docker/abc`; empty components are dropped.
    package init(_ text: some StringProtocol) {
        components = String(text).utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    package var description: String { "/" + components.joined(separator: "/") }

    /// The last name, empty for the root.
    package var name: String { components.last ?? "" }

    package var isRoot: Bool { components.isEmpty }

    package var depth: Int { components.count }

    /// The group above; the root is its own parent.
    package var parent: CgroupPath { CgroupPath(components: Array(components.dropLast())) }

    /// This group and all above it, the root first.
    package var ancestry: [CgroupPath] {
        (0...depth).map { CgroupPath(components: Array(components.prefix($0))) }
    }

    package func child(_ name: String) -> CgroupPath { CgroupPath(components: components + [name]) }

    /// Whether this group is `other` or lies below it.
    package func isWithin(_ other: CgroupPath) -> Bool { components.starts(with: other.components) }

    /// The directory of this group in the cpuset hierarchy.
    package var directory: KernelFile { KernelFile(.cpuset, components.joined(separator: "/")) }

    /// A file of this group, such as `cpuset.cpus`.
    package func file(_ name: String) -> KernelFile { directory.appending(name) }

    package static func < (left: CgroupPath, right: CgroupPath) -> Bool {
        left.components.lexicographicallyPrecedes(right.components)
    }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
