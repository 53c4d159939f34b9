// SPDX-License-Identifier: Apache-2.0

extension CPUSet {
    /// The CPUs that are in this set, in `other` or in both.
    package func union(_ other: CPUSet) -> CPUSet {
        var result = self
        result.formUnion(other)
        return result
    }

    /// The CPUs that are in both sets.
    package func intersection(_ other: CPUSet) -> CPUSet {
        CPUSet(words: zip(words, other.words).map { $0 & $1 })
    }

    /// The CPUs of this set that are not in `other`.
    package func subtracting(_ other: CPUSet) -> CPUSet {
        var result = self
        result.subtract(other)
        return result
    }

    /// Adds the CPUs of `other`.
    package mutating func formUnion(_ other: CPUSet) {
        if other.words.count > words.count {
            words.append(contentsOf: repeatElement(0, count: other.words.count - words.count))
        }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    /// Takes the CPUs of `other` away.
    package mutating func subtract(_ other: CPUSet) {
        for index in 0..<Swift.min(words.count, other.words.count) { words[index] &= ~other.words[index] }
        trim()
    }

    /// Whether every CPU of this set is in `other`.
    package func isSubset(of other: CPUSet) -> Bool {
        words.count <= other.words.count && zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
    }

    /// Whether every CPU of `other` is in this set.
    package func isSuperset(of other: CPUSet) -> Bool {
        other.isSubset(of: self)
    }

    /// Whether no CPU is in both sets.
    package func isDisjoint(with other: CPUSet) -> Bool {
        zip(words, other.words).allSatisfy { $0 & $1 == 0 }
    }
}
