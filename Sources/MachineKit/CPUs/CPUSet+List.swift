// SPDX-License-Identifier: Apache-2.0

import Text

// A CPU list is the text of `cpuset.cpus`, `/proc/irq/N/smp_affinity_list` and most of `/sys/devices/system/cpu`:
// numbers and ranges joined by commas.

extension CPUSet {
    /// Reads a CPU list that a person typed, such as `2-5,8`.
    ///
    /// Numbers may repeat, overlap and come in any order. The kernel's strides (`0-15:1/2`) are not accepted.
    ///
    /// - Throws: ``CPUListError`` with the first thing that is wrong; an empty list is wrong.
    package init(parsing list: String) throws(CPUListError) {
        let text = list.utf8
        guard !text.isEmpty else { throw .empty }
        guard text.first != UInt8(ascii: ",") else { throw .leadingComma }
        self.init()
        var rest = text[...]
        while let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
            try insert(item: rest[..<comma])
            rest = rest[rest.index(after: comma)...]
            guard !rest.isEmpty else { throw .trailingComma }
        }
        try insert(item: rest)
    }

    /// Reads a CPU list that the kernel printed, with or without the line's end.
    ///
    /// An empty list is an empty set, and so is `  (null)`, which `/sys/devices/system/cpu/nohz_full` of kernel 6.1
    /// holds when nothing was set. The result is nil when the text is no CPU list.
    package init?(kernelList text: some StringProtocol) {
        let list = text.trimmingASCIISpace()
        if list.isEmpty || list == "(null)" {
            self.init()
        } else {
            guard let set = try? CPUSet(parsing: String(list)) else { return nil }
            self = set
        }
    }

    /// Adds one number or range.
    ///
    /// An item costs at most as many words as the highest number has: long lists stay cheap to refuse or to accept.
    private mutating func insert(item: Substring.UTF8View) throws(CPUListError) {
        guard !item.isEmpty else { throw .doubleComma }
        let hyphen = item.firstIndex(of: UInt8(ascii: "-"))
        let first = try Self.number(item[..<(hyphen ?? item.endIndex)], of: item)
        let last = try hyphen.map { hyphen throws(CPUListError) in
            try Self.number(item[item.index(after: hyphen)...], of: item)
        }
        guard first <= last ?? first else {
            throw .backwards(item: String(Substring(item)), first: first, last: last ?? first)
        }
        insert(contentsOf: first...(last ?? first))
    }

    /// Reads one end of an item.
    private static func number(
        _ digits: Substring.UTF8View, of item: Substring.UTF8View
    ) throws(CPUListError) -> Int {
        if let number = Int(decimalDigits: digits), number <= highestNumber { return number }
        guard !digits.isEmpty, digits.allSatisfy({ Int(decimalDigit: $0) != nil }) else {
            throw .notACPU(item: String(Substring(item)))
        }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        throw .tooHigh(item: String(Substring(item)), number: String(Substring(significant)))
    }
}

extension CPUSet: CustomStringConvertible {
    /// The CPU list, such as `2-5,8`; empty for the empty set.
    package var description: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    /// What a sentence calls the CPUs, such as `CPU 3` or `CPUs 2-5,8`.
    package var title: String { count == 1 ? "CPU \(self)" : "CPUs \(self)" }
}

/// Why a CPU list that a person typed is none.
///
/// The description is a fragment that follows the name of what was given, as in `--cpus: '5-2': 5 is greater than 2`.
package enum CPUListError: Error, Hashable, Sendable {
    /// Nothing was given at all.
    case empty
    /// The list begins with a comma.
    case leadingComma
    /// The list ends in a comma.
    case trailingComma
    /// Two commas follow each other.
    case doubleComma
    /// This item of the list is neither a number nor two numbers joined by a hyphen.
    case notACPU(item: String)
    /// This item is a range whose first number is above its last.
    case backwards(item: String, first: Int, last: Int)
    /// This item has a number above ``CPUSet/highestNumber``; the number is text because it may not fit an integer.
    case tooHigh(item: String, number: String)
}

extension CPUListError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "is empty; give CPUs such as 2-5,8"
        case .leadingComma: "starts with a comma; give CPUs such as 2-5,8"
        case .trailingComma: "ends in a comma; give CPUs such as 2-5,8"
        case .doubleComma: "has two commas with no CPU between them"
        case .notACPU(let item): "\(quoted(item)) is not a CPU number or range"
        case .backwards(let item, let first, let last): "\(quoted(item)): \(first) is greater than \(last)"
        case .tooHigh(let item, let number):
            "\(quoted(item)): \(shortened(number)) is above the highest CPU number, \(CPUSet.highestNumber)"
        }
    }
}

extension CPUSet: Codable {
    /// Reads a CPU list such as `2-5,8`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let set = CPUSet(kernelList: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a CPU list")
        }
        self = set
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
