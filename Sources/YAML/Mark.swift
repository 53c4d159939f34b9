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

// Where a byte of a UTF-8 text is, for errors that come without a line.

extension Mark {
    /// The place of the byte at `offset`; text that is no UTF-8 before it counts in some way.
    init(ofByte offset: Int, in text: ArraySlice<UInt8>) {
        self = .start
        var previous: UInt8 = 0
        for byte in text.prefix(offset) {
            switch byte {
            case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): self = Mark(line: line + 1, column: 1)
            case _ where byte.startsScalar: column += 1
            default: break
            }
            previous = byte
        }
    }
}

extension ArraySlice<UInt8> {
    /// The first byte of the Unicode scalar with this number, from 0.
    func byte(ofScalar number: Int) -> UInt8? {
        lazy.filter(\.startsScalar).dropFirst(number).first
    }
}

extension UInt8 {
    fileprivate var startsScalar: Bool { self & 0xC0 != 0x80 }
}
