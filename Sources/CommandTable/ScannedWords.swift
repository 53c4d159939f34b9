// SPDX-License-Identifier: Apache-2.0

import Text

/// The words of one command sorted into options and operands, before any value is looked at.
struct ScannedWords {
    /// The options given, as indices into the command's, with the text of each value; empty text for a flag.
    private(set) var values: [(option: Int, text: String)] = []
    private(set) var operands: [String] = []
    /// Help was asked for: the words after that were not read.
    private(set) var wantsHelp = false

    /// Sorts words from left to right; `--` ends the options, and so does the first word of a program to run.
    init(_ words: some Sequence<String>, for command: Command) throws(UsageError) {
        var rest = ArraySlice(Array(words))
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            if word.hasPrefix("-"), word != "-" {
                try take(word, from: &rest, for: command)
                if wantsHelp { return }
                continue
            }
            operands.append(word)
            if command.operand?.passesThrough == true {
                operands += rest
                break
            }
        }
        try check(against: command)
    }

    private mutating func take(
        _ word: String, from rest: inout ArraySlice<String>, for command: Command
    ) throws(UsageError) {
        let (typed, attached) = splitAtEqualSign(word)
        guard let index = command.allOptions.firstIndex(where: { $0.words.contains(typed) }) else {
            throw unknown(option: typed, among: command.allOptions)
        }
        let option = command.allOptions[index]
        if option.placeholder == nil, attached != nil { throw UsageError("\(typed) takes no value") }
        if option == .help {
            wantsHelp = true
            return
        }
        if !option.isRepeatable, values.contains(where: { $0.option == index }) {
            throw UsageError("\(option.word) is given twice")
        }
        let text = if let attached { attached } else { try value(of: option, from: &rest) }
        values.append((index, text))
    }

    /// The next word, unless it looks like an option: such a value is written `--name=-value`.
    private func value(of option: OptionShape, from rest: inout ArraySlice<String>) throws(UsageError) -> String {
        guard let placeholder = option.placeholder else { return "" }
        guard let next = rest.first else { throw UsageError("\(option.word): \(placeholder) is missing") }
        if next.hasPrefix("-"), next != "-" {
            throw UsageError("\(option.word): \(placeholder) is missing before '\(next)'")
        }
        rest.removeFirst()
        return next
    }

    private func check(against command: Command) throws(UsageError) {
        for (index, option) in command.options.enumerated()
        where option.isRequired && !values.contains(where: { $0.option == index }) {
            throw UsageError("\(option.usage) is missing")
        }
        if let operand = command.operand {
            if let action = operand.actions.first, operands.isEmpty { throw UsageError("\(action) is missing") }
            if operand.isRequired, operands.count < operand.limit {
                throw UsageError("\(operand.placeholder) is missing")
            }
        }
        if command.operand?.passesThrough == true { return }
        if let excess = operands.dropFirst(command.operand?.limit ?? 0).first {
            throw UsageError("unexpected '\(excess)'")
        }
    }
}

/// `--name=value` in two; a single dash takes its value from the next word only.
private func splitAtEqualSign(_ word: String) -> (option: String, value: String?) {
    guard word.hasPrefix("--"), let sign = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<sign]), String(word[word.index(after: sign)...]))
}

/// Says that there is no such option in that place, and which may have been meant.
func unknown(option word: String, among options: [OptionShape], place: String = "") -> UsageError {
    let name = String(word.drop { $0 == "-" })
    let near = suggestion(for: name, among: options.map(\.name))
    return UsageError("no option '\(word)'\(place)", suggesting: near.map { "--\($0)" })
}
