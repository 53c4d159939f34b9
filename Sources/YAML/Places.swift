// SPDX-License-Identifier: Apache-2.0

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
