// SPDX-License-Identifier: Apache-2.0

/// What one file of an engine becomes.
package struct FileChange: Sendable {
    /// Where the file is, seen from the root of the machine.
    package let path: String
    /// What it holds; nil where there is none.
    package let old: String?
    /// What it will hold; nil where it goes.
    package let new: String?

    /// Nil when nothing changes.
    ///
    /// Bytes are compared: to Swift, texts that are spelt differently can be equal.
    init?(_ path: String, from old: String?, to new: String?) {
        if let old, let new, old.utf8.elementsEqual(new.utf8) { return nil }
        if old == nil, new == nil { return nil }
        self.path = path
        self.old = old
        self.new = new
    }
}
