// SPDX-License-Identifier: Apache-2.0

/// The name by which a runtime knows a container; safe to use as the name of a directory.
package struct ContainerID: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes that an id has here; engines use 64.
    package static let longest = 255

    /// The name.
    package let text: String

    /// Takes a name that is one: what runc accepts, letters, digits and `_+-.`, and no `.` or `..`.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.longest, text != ".", text != "..",
            text.utf8.allSatisfy(Self.allows)
        else { return nil }
        self.text = text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_+-.".utf8.contains(byte)
        }
    }

    /// The name itself.
    package var description: String { text }
}
