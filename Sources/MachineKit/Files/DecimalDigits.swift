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
