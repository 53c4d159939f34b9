// SPDX-License-Identifier: Apache-2.0

/// A file of kubelet's configuration as it was read: `--config`, or a drop-in below `--config-dir`.
package struct ConfigurationFile: Hashable, Sendable {
    /// The most bytes that are read of a file.
    package static let largest = 1 << 20

    /// Where it is; messages name it so.
    package var path: String
    /// What it holds, in YAML or JSON.
    package var text: [UInt8]

    /// Names a file and what it holds.
    package init(path: String, text: [UInt8]) {
        self.path = path
        self.text = text
    }
}

extension ConfigurationFile {
    /// Whether kubelet takes a file below its drop-in directory for a drop-in.
    package static func isDropIn(_ path: String) -> Bool {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? []
        return name.suffix(5).elementsEqual(".conf".utf8)
    }

    /// Whether kubelet reads one drop-in before another, which then wins.
    ///
    /// kubelet walks the directories, and what lies in `10` comes before `10.conf`.
    static func isRead(_ first: String, before second: String) -> Bool {
        let slash = UInt8(ascii: "/")
        return first.utf8.split(separator: slash).lexicographicallyPrecedes(second.utf8.split(separator: slash)) {
            $0.lexicographicallyPrecedes($1)
        }
    }
}
