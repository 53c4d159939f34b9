// SPDX-License-Identifier: Apache-2.0

/// One name in a directory.
package struct DirectoryEntry: Hashable, Sendable {
    /// What a name stands for.
    package enum Kind: Hashable, Sendable {
        /// A directory.
        case directory
        /// A regular file; pseudo-files count as such.
        case file
        /// A symbolic link.
        case link
        /// A device, socket or pipe, or a file system that does not say.
        case other
    }

    /// The name, without any path.
    ///
    /// Bytes that are no UTF-8 are replaced, and such a name cannot be opened again.
    package let name: String

    /// What the name stands for.
    package let kind: Kind

    /// Names an entry.
    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}
