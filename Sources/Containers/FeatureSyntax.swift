// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// What an annotation, or a key of the configuration, may say of a feature.
package struct FeatureSyntax: Sendable {
    /// What is accepted, with its verb: `are 'disable', 'enable'`.
    let accepted: String
    /// The words that the configuration takes; empty where it takes a text of its own.
    package let words: [String]
    /// What the configuration takes instead of words, such as `the name of a governor, such as performance`.
    package let description: String
    private let read: @Sendable (String) -> FeatureRequest?

    /// Reads a value; nil when it cannot be understood.
    package func callAsFunction(_ text: String) -> FeatureRequest? { read(text) }
}

extension FeatureSyntax {
    /// One of a few words; the former ones are understood, and not told.
    static func words(
        _ words: KeyValuePairs<String, FeatureRequest>, formerly old: KeyValuePairs<String, FeatureRequest> = [:]
    ) -> FeatureSyntax {
        let all = Dictionary(uniqueKeysWithValues: words.map { ($0, $1) } + old.map { ($0, $1) })
        return FeatureSyntax(
            accepted: "are " + words.map { "'\($0.key)'" }.joined(separator: ", "),
            // What says nothing is left out of a configuration.
            words: words.filter { $0.value != .enable }.map(\.key), description: "", read: { all[$0] })
    }

    /// One of a few values, as the kernel names them.
    static func values(_ values: [String]) -> FeatureSyntax {
        FeatureSyntax(
            accepted: "are " + values.map { "'\($0)'" }.joined(separator: ", "), words: values, description: "",
            read: { values.contains($0) ? .value($0) : nil })
    }

    /// A name that the kernel gives: small letters and `_`.
    static func name(_ subject: String, such example: String, longest: Int) -> FeatureSyntax {
        let description = "the name of \(subject), such as \(example)"
        return FeatureSyntax(accepted: "is " + description, words: [], description: description) { text in
            let isName = text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
            }
            return isName && (1...longest).contains(text.utf8.count) ? .value(text) : nil
        }
    }

    /// A text that a function reads.
    static func text(_ accepted: String, _ read: @escaping @Sendable (String) -> FeatureRequest?) -> FeatureSyntax {
        FeatureSyntax(accepted: accepted, words: [], description: accepted, read: read)
    }
}
