// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON, or more than is read here.
package struct JSONError: Error, Hashable, Sendable {
    /// Where it is wrong.
    package let place: Place
    /// What is wrong: one line without a full stop, safe to print.
    package let message: String

    init(_ message: String, at place: Place) {
        self.place = place
        self.message = message
    }
}

extension JSONError: CustomStringConvertible {
    /// The place and the message.
    package var description: String { "\(place): \(message)" }
}

/// A place in a text, as editors count: the first character is in line 1, column 1; a column is one Unicode scalar.
package struct Place: Hashable, Sendable {
    /// The line, from 1.
    package var line: Int
    /// The column, from 1.
    package var column: Int

    /// Where a text starts.
    package static let start = Place(line: 1, column: 1)

    /// Names a place; both count from 1.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The place of the byte at `offset`; text that is no UTF-8 before it counts in some way.
    package init(ofByte offset: Int, in text: [UInt8]) {
        self = .start
        for byte in text.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                self = Place(line: line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }
}

extension Place: CustomStringConvertible {
    /// Line and column, such as `3:14`.
    package var description: String { "\(line):\(column)" }
}
