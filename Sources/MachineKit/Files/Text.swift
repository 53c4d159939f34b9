// SPDX-License-Identifier: Apache-2.0

extension FixedWidthInteger {
    /// Reads ASCII digits and nothing else: no sign, no spaces, no digits of other scripts; leading zeros are fine.
    ///
    /// The result is nil when there is no digit, when there is something else, and when the number does not fit.
    package init?(decimalDigits text: some Sequence<UInt8>) {
        var value: Self?
        for byte in text {
            guard let digit = Self(decimalDigit: byte) else { return nil }
            let (tens, overflowed) = (value ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, carried) = tens.addingReportingOverflow(digit)
            guard !overflowed, !carried else { return nil }
            value = sum
        }
        guard let value else { return nil }
        self = value
    }

    /// Reads one ASCII digit.
    @inline(__always)
    package init?(decimalDigit byte: UInt8) {
        let digit = byte &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        self = Self(truncatingIfNeeded: digit)
    }
}

extension StringProtocol {
    /// The text without the ASCII white space at its ends.
    package func trimmingASCIISpace() -> SubSequence {
        // Bytes, because finding characters costs more than all else that is done with the text of a pseudo-file.
        func isText(_ byte: UInt8) -> Bool { byte != UInt8(ascii: " ") && !(9...13).contains(byte) }
        let start = utf8.firstIndex(where: isText) ?? endIndex
        var (end, index) = (start, start)
        while index != utf8.endIndex {
            let next = utf8.index(after: index)
            if isText(utf8[index]) { end = next }
            index = next
        }
        return self[start..<end]
    }
}

extension [String] {
    /// The texts as one, with another between each two.
    ///
    /// As the library's own; that one is generic, and its first call searches all conformances of the program for its types, which
    /// is a tenth of all that a hook does.
    package func joined(separator: String) -> String {
        var whole = first ?? ""
        for text in dropFirst() {
            whole += separator
            whole += text
        }
        return whole
    }
}
