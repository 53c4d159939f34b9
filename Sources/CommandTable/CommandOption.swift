// SPDX-License-Identifier: Apache-2.0

import Text

/// What an option looks like, whatever it sets: all that help, completions and the manual page need.
package struct OptionShape: Hashable, Sendable {
    /// The long name, without dashes.
    package let name: String
    /// The one-letter name, where there is one.
    package let letter: Character?
    /// What stands for the value in help, such as `LIST`; nil for a flag, which takes no value.
    package let placeholder: String?
    /// One line without a full stop.
    package let summary: String
    /// What the value may be.
    package var completion = Completion.text
    /// Whether the command refuses to run without it.
    package var isRequired = false
    /// Whether it may be given more than once.
    package var isRepeatable = false

    static let help = OptionShape(name: "help", letter: "h", placeholder: nil, summary: "Print this help")
    static let version = OptionShape(name: "version", letter: "V", placeholder: nil, summary: "Print the version")

    /// How the option is typed: `--cpus`.
    var word: String { "--\(name)" }
    /// Each way to type the option: `-c` and `--cpus`.
    var words: [String] { (letter.map { ["-\($0)"] } ?? []) + [word] }
    /// The option and what follows it: `--cpus LIST`.
    var usage: String { placeholder.map { "\(word) \($0)" } ?? word }
}

/// One option of a command, and the property of the command's arguments that it sets.
package struct CommandOption<Arguments>: Sendable {
    let shape: OptionShape
    let store: @Sendable (String, inout Arguments) throws -> Void

    /// An option with a value.
    ///
    /// `parse` only checks and converts it; what it throws is shown after the option's name.
    package static func value<Value>(
        _ name: String, _ letter: Character?, _ placeholder: String,
        _ property: any WritableKeyPath<Arguments, Value> & Sendable, _ summary: String,
        required: Bool = false, completion: Completion = .text,
        parse: @escaping @Sendable (String) throws -> Value
    ) -> Self {
        let shape = OptionShape(
            name: name, letter: letter, placeholder: placeholder, summary: summary, completion: completion,
            isRequired: required)
        return Self(shape: shape) { text, arguments in arguments[keyPath: property] = try parse(text) }
    }

    /// An option with a value that may be given more than once; the values are kept in the order given.
    package static func values<Value>(
        _ name: String, _ letter: Character?, _ placeholder: String,
        _ property: any WritableKeyPath<Arguments, [Value]> & Sendable, _ summary: String,
        required: Bool = false, completion: Completion = .text,
        parse: @escaping @Sendable (String) throws -> Value
    ) -> Self {
        let shape = OptionShape(
            name: name, letter: letter, placeholder: placeholder, summary: summary, completion: completion,
            isRequired: required, isRepeatable: true)
        return Self(shape: shape) { text, arguments in arguments[keyPath: property].append(try parse(text)) }
    }

    /// An option without a value, which sets its property to true.
    package static func flag(
        _ name: String, _ letter: Character?, _ property: any WritableKeyPath<Arguments, Bool> & Sendable,
        _ summary: String
    ) -> Self {
        let shape = OptionShape(name: name, letter: letter, placeholder: nil, summary: summary)
        return Self(shape: shape) { _, arguments in arguments[keyPath: property] = true }
    }
}

/// What may stand where a value is expected: what a shell offers, and for a closed set of words, what is accepted.
package enum Completion: Hashable, Sendable {
    /// Free text, for which a shell offers nothing.
    case text
    /// One of these words; any other is refused before the value parser sees it. They hold no blanks and no quotes.
    case oneOf([String])
    /// The path of a directory.
    case directory
    /// The path of a file.
    case file
    /// The name of a program to run.
    case command

    /// Refuses a word outside a closed set.
    func check(_ value: String) throws(UsageError) {
        guard case .oneOf(let words) = self, !words.contains(value) else { return }
        throw UsageError(
            "'\(value)' is not one of \(words.joined(separator: ", "))",
            suggesting: suggestion(for: value, among: words))
    }
}
