// SPDX-License-Identifier: Apache-2.0

/// What a command does once its words are understood; it returns the exit status.
package typealias Action = @Sendable () throws -> Int32

/// One verb of a program, described once: parsing, help, completions and the manual page follow from it.
package struct Command: Sendable {
    /// The verb.
    package let name: String
    /// What it does, in one line without a full stop.
    package let summary: String
    /// Whether programs and packages call it rather than people, so that the overview of the help leaves it out.
    package let isPlumbing: Bool
    /// Paragraphs that only the manual page has room for.
    package let details: [String]
    private let optionShapes: @Sendable () -> [OptionShape]
    private let operandShape: @Sendable () -> OperandShape?
    /// Whole command lines and what each does.
    package let examples: [Row]

    /// Turns words whose form is right into the action, or says which value is wrong.
    let bind: @Sendable (ScannedWords) throws(UsageError) -> Action

    /// A verb that fills `defaults` from its options and operands, and then is performed with the result.
    ///
    /// Options and operands are made when they are needed: key paths cost more than all else that a program does when
    /// it is asked for its help, and only one verb is ever parsed.
    package init<Arguments: Sendable>(
        _ name: String, _ summary: String, _ defaults: @autoclosure @escaping @Sendable () -> Arguments,
        isPlumbing: Bool = false, details: [String] = [],
        options: @autoclosure @escaping @Sendable () -> [CommandOption<Arguments>] = [],
        operands: @autoclosure @escaping @Sendable () -> Operands<Arguments> = .none, examples: [Row] = [],
        perform: @escaping @Sendable (Arguments) throws -> Int32
    ) {
        self.name = name
        self.summary = summary
        self.isPlumbing = isPlumbing
        self.details = details
        self.examples = examples
        optionShapes = { options().map(\.shape) }
        operandShape = { operands().shape }
        bind = { words throws(UsageError) in
            var arguments = defaults()
            let options = options()
            let operands = operands()
            for (index, text) in words.values {
                let option = options[index]
                try store(text, in: option.shape.word, as: option.shape.completion) {
                    try option.store(text, &arguments)
                }
            }
            if let operand = operands.shape {
                try store(words.operands.first, in: operand.placeholder, as: operand.first) {
                    try operands.store(words.operands, &arguments)
                }
            }
            return { [arguments] in try perform(arguments) }
        }
    }

    /// The options, in the order in which help lists them; `--help` is added.
    package var options: [OptionShape] { optionShapes() }

    /// The operands, where the command takes any.
    package var operand: OperandShape? { operandShape() }

    /// The options with those that every command has.
    var allOptions: [OptionShape] { options + [.help] }

    /// How the command is called, after the program's name: `create --cpus LIST [options]`.
    var usage: String {
        let options = options
        let required = options.filter(\.isRequired).map(\.usage)
        let others = required.count < options.count ? ["[options]"] : []
        return ([name] + required + others + (operand.map { [$0.usage] } ?? [])).joined(separator: " ")
    }
}

/// Checks and stores one value, and says whose value is wrong when it is.
private func store(
    _ text: String?, in subject: String, as completion: Completion, _ storing: () throws -> Void
) throws(UsageError) {
    do {
        if let text { try completion.check(text) }
        try storing()
    } catch let error as UsageError {
        throw error.about(subject)
    } catch {
        throw UsageError("\(subject): \(error)")
    }
}
