// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// An amount of a resource as Kubernetes writes it: `500m`, `2`, `0.5`, `1e3`, `512Mi`, `1G`.
///
/// It is exact to a billionth, and what is finer is rounded up, as Kubernetes does. The Go type is `resource.Quantity`.
package struct Quantity: Hashable, Sendable {
    /// Billionths of the unit, which is a CPU or a byte.
    private(set) var nano: Int128

    /// Nothing.
    package static let zero = Quantity(nano: 0)

    private init(nano: Int128) { self.nano = nano }

    /// A whole amount, such as of bytes.
    package init(_ whole: UInt64) { nano = Int128(whole) * Self.nanoPerUnit }

    mutating func add(_ other: Quantity) { nano = min(max(nano + other.nano, -Self.largest), Self.largest) }

    /// The largest that Kubernetes knows; whatever is larger is taken for it.
    private static let largest = Int128(Int64.max) * nanoPerUnit
    fileprivate static let nanoPerUnit: Int128 = 1_000_000_000
}

// MARK: - Reading

extension Quantity {
    /// Reads an amount; the result is nil when the text is none.
    package init?(_ text: String) {
        // Nobody means more digits, and each costs time.
        guard text.utf8.count <= 64 else { return nil }
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard let (digits, decimals) = Self.number(&rest), let scale = Scale(String(Substring(rest))) else {
            return nil
        }
        var value = digits
        for _ in 0..<scale.binary { value = value.doubled }
        let decimal = scale.decimal - decimals + 9
        for _ in 0..<max(0, decimal) { value = value.tenfold }
        for _ in 0..<max(0, -decimal) where value > 1 { value = value.dividedRoundingUp(by: 10) }
        nano = min(value, Self.largest) * (isNegative ? -1 : 1)
    }

    /// Takes digits with at most one point among them; also tells how many stand behind the point.
    private static func number(_ text: inout Substring.UTF8View) -> (digits: Int128, decimals: Int)? {
        var (digits, decimals, count): (Int128, Int, Int) = (0, 0, 0)
        var hasPoint = false
        while let byte = text.first {
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                count += 1
                let (tens, overflows) = digits.multipliedReportingOverflow(by: 10)
                let (sum, carries) = tens.addingReportingOverflow(Int128(byte - UInt8(ascii: "0")))
                guard !overflows, !carries else { return nil }
                digits = sum
                if hasPoint { decimals += 1 }
            } else {
                break
            }
            text = text.dropFirst()
        }
        return count > 0 ? (digits, decimals) : nil
    }
}

/// What a number is multiplied with, by its suffix.
private struct Scale {
    /// The power of two.
    var binary = 0
    /// The power of ten.
    var decimal = 0

    init?(_ suffix: String) {
        switch suffix {
        case "n": decimal = -9
        case "u": decimal = -6
        case "m": decimal = -3
        case "": break
        case "k": decimal = 3
        case "M": decimal = 6
        case "G": decimal = 9
        case "T": decimal = 12
        case "P": decimal = 15
        case "E": decimal = 18
        case "Ki": binary = 10
        case "Mi": binary = 20
        case "Gi": binary = 30
        case "Ti": binary = 40
        case "Pi": binary = 50
        case "Ei": binary = 60
        default:
            // Beyond these powers everything is the largest amount, or nearly nothing.
            guard suffix.hasPrefix("e") || suffix.hasPrefix("E"), let power = Int(suffix.dropFirst()) else {
                return nil
            }
            decimal = min(max(power, -90), 90)
        }
    }
}

extension Int128 {
    fileprivate var doubled: Int128 { self > .max / 2 ? .max : self * 2 }
    fileprivate var tenfold: Int128 { self > .max / 10 ? .max : self * 10 }

    /// The quotient of a number that is not negative.
    fileprivate func dividedRoundingUp(by divisor: Int128) -> Int128 {
        self / divisor + (self % divisor == 0 ? 0 : 1)
    }
}

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
