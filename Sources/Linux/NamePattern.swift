// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A pattern for names, as the shell has it for file names.
///
/// Special are `*`, `?`, `[…]`, and `\` before a character that stands for itself; nothing else is, not even `/` or a
/// leading dot. A character is one byte.
package struct NamePattern: Hashable, Sendable {
    /// The pattern as it was written.
    package let text: String

    /// Takes a pattern as it is written.
    package init(_ text: String) {
        self.text = text
    }

    /// Whether the pattern describes the whole of a name; no name that holds a NUL byte is described.
    ///
    /// The corresponding C function is `fnmatch`.
    package func matches(_ name: String) -> Bool {
        if text.utf8.contains(0) || name.utf8.contains(0) { return false }
        return unsafe fnmatch(text, name, 0) == 0
    }
}
