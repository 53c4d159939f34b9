// SPDX-License-Identifier: Apache-2.0

/// A place in a text, as editors count: the first character is in line 1, column 1.
///
/// A column is one Unicode scalar; a tab counts once.
package struct Mark: Hashable, Sendable {
    /// The line, from 1.
    package var line: Int
    /// The column, from 1.
    package var column: Int

    /// Names a place; both count from 1.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Where a text starts.
    package static let start = Mark(line: 1, column: 1)
}

extension Mark: Comparable {
    package static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
