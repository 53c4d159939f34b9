// SPDX-License-Identifier: Apache-2.0

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
