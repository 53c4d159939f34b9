// SPDX-License-Identifier: Apache-2.0

import Text

/// What a command line asks for.
package enum Invocation: Sendable {
    /// To print this help.
    case help(String)
    /// To print this line: the program's name and version.
    case version(String)
    /// To run this.
    case command(Action)
}

/// A program's whole command line as data.
package struct CommandTable: Sendable {
    /// The program's name.
    package let name: String
    /// The program's version.
    package let version: String
    /// What the program does, in one line without a full stop.
    package let summary: String
    /// The verbs, in the order in which help lists them; `help` is added.
    package let commands: [Command]
    /// Whole command lines and what each does.
    package let examples: [Row]
    /// What only the manual page tells.
    package let manual: Manual

    /// The command line of the program `name`.
    package init(
        name: String, version: String, summary: String, commands: [Command], examples: [Row] = [],
        manual: Manual = Manual()
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.commands = commands
        self.examples = examples
        self.manual = manual
    }

    /// The options that stand in a command's place.
    let generalOptions: [OptionShape] = [.version, .help]

    /// Understands the words after the program's name; nothing is done yet.
    package func parse(_ words: [String]) throws(UsageError) -> Invocation {
        do throws(UsageError) {
            return try understand(words)
        } catch {
            throw error.pointing(to: "\(name) --help")
        }
    }

    private func understand(_ words: [String]) throws(UsageError) -> Invocation {
        guard let first = words.first else { throw UsageError("a command is missing") }
        let rest = words.dropFirst()
        if OptionShape.help.words.contains(first) { return .help(help) }
        if OptionShape.version.words.contains(first) { return .version("\(name) \(version)") }
        if first == "help" { return .help(try help(for: rest)) }
        if first.hasPrefix("-") {
            throw unknown(option: first, among: generalOptions, place: " before a command")
        }
        return try invoke(try command(first), with: rest)
    }

    private func command(_ verb: String) throws(UsageError) -> Command {
        if let command = commands.first(where: { $0.name == verb }) { return command }
        throw UsageError(
            "no command '\(verb)'", suggesting: suggestion(for: verb, among: commands.map(\.name) + ["help"]))
    }

    private func help(for verbs: ArraySlice<String>) throws(UsageError) -> String {
        if verbs.count > 1 { throw UsageError("help: unexpected '\(verbs[verbs.startIndex + 1])'") }
        guard let verb = verbs.first, verb != "help", !OptionShape.help.words.contains(verb) else { return help }
        return help(of: try command(verb))
    }

    private func invoke(_ command: Command, with words: ArraySlice<String>) throws(UsageError) -> Invocation {
        let help = "\(name) \(command.name) --help"
        do throws(UsageError) {
            let scanned = try ScannedWords(words, for: command)
            if scanned.wantsHelp { return .help(self.help(of: command)) }
            let action = try command.bind(scanned)
            return .command {
                do {
                    return try action()
                } catch let error as UsageError {
                    throw error.about(command.name).pointing(to: help)
                }
            }
        } catch {
            throw error.about(command.name).pointing(to: help)
        }
    }
}

// MARK: - Checking the table

extension CommandTable {
    /// What is wrong with the table itself, one line each; a test of the program expects none.
    package var flaws: [String] {
        repeated(verbs.map(\.term)).map { "two commands '\($0)'" } + (longLines(in: help).map { "help: \($0)" })
            + commands.flatMap { command in flaws(of: command).map { "\(command.name): \($0)" } }
    }

    private func flaws(of command: Command) -> [String] {
        let summaries = [command.summary] + command.options.map(\.summary)
        return repeated(command.allOptions.flatMap(\.words)).map { "two options '\($0)'" }
            + summaries.filter { $0.isEmpty || $0.hasSuffix(".") }.map { "not a summary: '\($0)'" }
            + longLines(in: help(of: command))
    }

    private func longLines(in text: String) -> [String] {
        text.split(separator: "\n").filter { $0.count > screenWidth }.map { "wider than the screen: '\($0)'" }
    }

    private func repeated(_ words: [String]) -> [String] {
        words.indices.filter { words[..<$0].contains(words[$0]) }.map { words[$0] }
    }
}
