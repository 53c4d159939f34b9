// SPDX-License-Identifier: Apache-2.0

/// Ids of many tasks, ascending, with a short text such as `12-40,45`.
///
/// Ids of tasks that started together are neighbours, so ranges keep a journal of many thousand tasks small.
package struct TaskIDs: Hashable, Sendable {
    /// The runs of neighbouring ids, lowest first, with a gap between each and the next.
    private var ranges: [ClosedRange<Int32>] = []

    /// Creates an empty set of ids.
    package init() {}

    /// Creates a set of the given ids, in any order, repeated or not.
    package init(_ ids: some Sequence<Int32>) {
        self.init(merging: ids.map { $0...$0 })
    }

    /// Reads what ``description`` gives, the empty text for no ids; nil when it is something else.
    package init?(parsing text: some StringProtocol) {
        var ranges: [ClosedRange<Int32>] = []
        let items = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        for item in items where !text.isEmpty {
            let ends = item.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = Int32(decimalDigits: ends[0]), let last = Int32(decimalDigits: ends[ends.count - 1]),
                first <= last
            else { return nil }
            ranges.append(first...last)
        }
        self.init(merging: ranges)
    }

    /// Sorts ranges and joins those that touch or overlap.
    private init(merging ranges: [ClosedRange<Int32>]) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    /// Whether there is no id.
    package var isEmpty: Bool { ranges.isEmpty }

    /// How many ids there are.
    package var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// Whether `id` is one of them.
    package func contains(_ id: Int32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < id { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(id)
    }

    /// The ids of both.
    package func union(_ other: TaskIDs) -> TaskIDs {
        TaskIDs(merging: ranges + other.ranges)
    }
}

extension TaskIDs: Sequence {
    package var underestimatedCount: Int { count }

    package func makeIterator() -> some IteratorProtocol<Int32> {
        ranges.lazy.joined().makeIterator()
    }
}

extension TaskIDs: ExpressibleByArrayLiteral, CustomStringConvertible {
    package init(arrayLiteral ids: Int32...) {
        self.init(ids)
    }

    /// The ids as a list such as `12-40,45`; empty when there is none.
    package var description: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}

extension TaskIDs: Codable {
    /// Reads ranges of task ids such as `12-40,45`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let ids = TaskIDs(parsing: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no ranges of task ids")
        }
        self = ids
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
