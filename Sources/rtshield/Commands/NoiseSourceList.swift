// SPDX-License-Identifier: Apache-2.0

import CommandTable
import MachineKit
import ShieldKit

/// Attributes as `--with` and `--without` take them: `governor,xps`, or `all`.
enum NoiseSourceList {
    private static let words = ["all"] + NoiseSource.allCases.map(\.rawValue)

    static func parse(_ text: String) throws -> Set<NoiseSource> {
        if text == "all" { return Set(NoiseSource.allCases) }
        return Set(
            try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
                guard let attribute = NoiseSource(rawValue: String(word)) else {
                    throw UsageError("'\(word)' is not one of \(words.joined(separator: ", "))")
                }
                return attribute
            })
    }

    /// The default attributes without some and with others.
    static func chosen(with: Set<NoiseSource>, without: Set<NoiseSource>) throws(UsageError) -> Set<NoiseSource> {
        let all = Set(NoiseSource.allCases)
        let both = with == all || without == all ? [] : with.intersection(without)
        if let name = both.min()?.rawValue { throw UsageError("'\(name)' is given to both --with and --without") }
        return NoiseSource.defaults.subtracting(without).union(with == all ? all.subtracting(without) : with)
    }
}

extension IRQRule {
    /// Reads a rule as `--irq` takes it.
    init(parsing text: String) throws {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
            throw UsageError("'\(text)' has no '=': give NAME-or-NUMBER=LIST, such as 'eth0-*=4'")
        }
        self.init(String(text[..<equals]), cpus: try CPUSet(parsing: String(text[text.index(after: equals)...])))
    }
}
