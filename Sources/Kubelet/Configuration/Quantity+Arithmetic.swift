// SPDX-License-Identifier: Apache-2.0

extension Quantity {
    /// Thousandths, rounded up: `500m` is 500.
    package var milli: Int { Int(clamping: ceiling(nano, 1_000_000)) }

    /// Whole units, rounded up: of CPUs or bytes.
    package var whole: Int { Int(clamping: ceiling(nano, 1_000_000_000)) }

    /// Whether it is less than nothing.
    package var isNegative: Bool { nano < 0 }

    private func ceiling(_ number: Int128, _ divisor: Int128) -> Int128 {
        number / divisor + (number % divisor > 0 ? 1 : 0)
    }

    package static func + (left: Quantity, right: Quantity) -> Quantity {
        var sum = left
        sum.add(right)
        return sum
    }
}

extension Quantity: Comparable {
    package static func < (left: Quantity, right: Quantity) -> Bool { left.nano < right.nano }
}

extension Quantity: CustomStringConvertible {
    /// The shortest text for it: `500m`, `2`, `512Mi`.
    package var description: String {
        guard nano % 1_000_000 == 0 else { return "\(nano)n" }
        guard nano % 1_000_000_000 == 0 else { return "\(nano / 1_000_000)m" }
        var (number, step) = (nano / 1_000_000_000, 0)
        let suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
        while number != 0, number % 1024 == 0, step < suffixes.count - 1 {
            (number, step) = (number / 1024, step + 1)
        }
        return "\(number)\(suffixes[step])"
    }
}
