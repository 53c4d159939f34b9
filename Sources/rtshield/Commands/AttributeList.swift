// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import CommandTable

/// Attributes as `--with` and `--without` take them: `governor,xps`, or `all`.
enum AttributeList {
    private static let words = ["all"] + Attribute.allCases.map(\.rawValue)

    static func parse(_ text: String) throws -> Set<Attribute> {
        if text == "all" { return Set(Attribute.allCases) }
        return Set(
            try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
                guard let attribute = Attribute(rawValue: String(word)) else {
                    throw UsageError("'\(word)' is none of \(words.joined(separator: ", "))")
                }
                return attribute
            })
    }

    /// The default attributes without some and with others.
    static func chosen(with: Set<Attribute>, without: Set<Attribute>) throws(UsageError) -> Set<Attribute> {
        let all = Set(Attribute.allCases)
        let both = with == all || without == all ? [] : with.intersection(without)
        if let name = both.min()?.rawValue { throw UsageError("'\(name)' is given to both --with and --without") }
        return Attribute.defaults.subtracting(without).union(with == all ? all.subtracting(without) : with)
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
