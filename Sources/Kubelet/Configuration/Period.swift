// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// A length of time as Go writes it: `10s`, `1m30s`, `100ms`, `0`.
package struct Period: Hashable, Sendable, CustomStringConvertible {
    /// What was written.
    package let text: String
    /// How long it is.
    package let nanoseconds: Int64

    /// What was written.
    package var description: String { text }

    /// Reads a length of time; the result is nil when the text is none.
    package init?(_ text: String) {
        self.text = text
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty, text.utf8.count <= 64 else { return nil }
        guard !rest.elementsEqual("0".utf8) else {
            nanoseconds = 0
            return
        }
        var sum: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0 != UInt8(ascii: ".") && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(unit.count)
            guard let length = Self.units[String(Substring(unit))], let number = Quantity(String(Substring(digits))),
                let part = number.nanoseconds(inUnitsOf: length)
            else { return nil }
            let (total, overflows) = sum.addingReportingOverflow(part)
            guard !overflows else { return nil }
            sum = total
        }
        nanoseconds = isNegative ? -sum : sum
    }

    init(seconds: Int64) {
        text = "\(seconds)s"
        nanoseconds = seconds * 1_000_000_000
    }

    init(milliseconds: Int64) {
        text = "\(milliseconds)ms"
        nanoseconds = milliseconds * 1_000_000
    }

    private static let units: [String: Int64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]
}

extension Quantity {
    fileprivate func nanoseconds(inUnitsOf length: Int64) -> Int64? {
        let (product, overflows) = nano.multipliedReportingOverflow(by: Int128(length))
        return overflows ? nil : Int64(exactly: product / 1_000_000_000)
    }
}
