// SPDX-License-Identifier: Apache-2.0

/// A set of CPU numbers: always the kernel's own numbers, from 0 to ``highestNumber``.
///
/// Two sets with the same CPUs are equal, however they came to be. The set grows with its highest member, so a
/// machine with more CPUs than `cpu_set_t` holds (1,024) is nothing special.
package struct CPUSet: Hashable, Sendable {
    /// The highest number a CPU or a NUMA node may have here.
    ///
    /// It lies above what any kernel can be built for (8,192 on x86), and bounds the memory that a typing error costs.
    package static let highestNumber = 65_535

    /// The members as bits of 64-bit words, lowest word first, without trailing zero words.
    package internal(set) var words: [UInt64] = []

    /// Creates an empty set.
    package init() {}

    /// Creates a set from the words of an affinity mask, lowest CPU in the lowest bit of the first word.
    ///
    /// The C name of the call that fills such a mask is `sched_getaffinity`.
    package init(words: [UInt64]) {
        self.words = words
        trim()
        precondition(self.words.count <= Self.highestNumber / 64 + 1, "a CPU mask of more than 65,536 bits")
    }

    /// Creates a set of the given CPUs, in any order, repeated or not.
    package init(_ cpus: some Sequence<Int>) {
        for cpu in cpus { insert(cpu) }
    }

    /// Creates a set of all CPUs of a range.
    package init(_ range: ClosedRange<Int>) {
        insert(contentsOf: range)
    }
}

/// NUMA nodes have the same texts and the same arithmetic as CPUs.
package typealias MemoryNodes = CPUSet

// MARK: - Members

extension CPUSet {
    /// Whether the set has no member.
    package var isEmpty: Bool { words.isEmpty }

    /// How many members the set has.
    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The lowest member.
    package var first: Int? { member(from: 0) }

    /// The highest member.
    package var last: Int? { words.last.map { words.count * 64 - 1 - $0.leadingZeroBitCount } }

    /// Whether `cpu` is a member; false for numbers that no CPU can have.
    package func contains(_ cpu: Int) -> Bool {
        cpu >= 0 && cpu / 64 < words.count && words[cpu / 64] & 1 << UInt64(cpu % 64) != 0
    }

    /// Adds `cpu`, which must be a number from 0 to ``highestNumber``.
    package mutating func insert(_ cpu: Int) {
        insert(contentsOf: cpu...cpu)
    }

    /// Adds all CPUs of a range, a word at a time.
    package mutating func insert(contentsOf range: ClosedRange<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= Self.highestNumber, "no CPU has such a number")
        let (low, high) = (range.lowerBound / 64, range.upperBound / 64)
        if high >= words.count {
            words.append(contentsOf: repeatElement(0, count: high + 1 - words.count))
        }
        for index in low...high {
            var bits = UInt64.max
            if index == low { bits &= .max << UInt64(range.lowerBound % 64) }
            if index == high { bits &= .max >> UInt64(63 - range.upperBound % 64) }
            words[index] |= bits
        }
    }

    /// Takes `cpu` away; nothing happens when it is no member.
    package mutating func remove(_ cpu: Int) {
        guard contains(cpu) else { return }
        words[cpu / 64] &= ~(1 << UInt64(cpu % 64))
        trim()
    }

    /// The lowest member that is `start` or above.
    private func member(from start: Int) -> Int? {
        nextBit(from: start, flipping: 0)
    }

    /// The runs of neighbouring members, lowest first.
    package var ranges: [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        var next = first
        while let low = next {
            let end = nextBit(from: low, flipping: .max) ?? words.count * 64
            ranges.append(low...(end - 1))
            next = member(from: end)
        }
        return ranges
    }

    /// The lowest bit from `start` on that is set once each word is combined with `pattern` by exclusive or.
    private func nextBit(from start: Int, flipping pattern: UInt64) -> Int? {
        var index = start / 64
        guard index < words.count else { return nil }
        var word = (words[index] ^ pattern) & .max << UInt64(start % 64)
        while word == 0 {
            index += 1
            guard index < words.count else { return nil }
            word = words[index] ^ pattern
        }
        return index * 64 + word.trailingZeroBitCount
    }

    /// Drops trailing zero words, so that equal sets have equal words.
    mutating func trim() {
        while words.last == 0 { words.removeLast() }
    }
}

// MARK: - Conformances

extension CPUSet: ExpressibleByArrayLiteral {
    package init(arrayLiteral cpus: Int...) {
        self.init(cpus)
    }
}

extension CPUSet: Sequence {
    /// Yields the members, lowest first.
    package struct Iterator: IteratorProtocol {
        fileprivate let words: [UInt64]
        fileprivate var index = 0
        fileprivate var rest: UInt64

        package mutating func next() -> Int? {
            while rest == 0 {
                index += 1
                guard index < words.count else { return nil }
                rest = words[index]
            }
            defer { rest &= rest - 1 }
            return index * 64 + rest.trailingZeroBitCount
        }
    }

    package var underestimatedCount: Int { count }

    package func makeIterator() -> Iterator {
        Iterator(words: words, rest: words.first ?? 0)
    }
}
