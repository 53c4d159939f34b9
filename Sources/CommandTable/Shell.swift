// SPDX-License-Identifier: Apache-2.0

/// A shell that can complete a program's command line.
package enum Shell: String, CaseIterable, Hashable, Sendable {
    case bash
    case zsh
    case fish
}

extension CommandTable {
    /// The completion script for a shell, to be sourced or installed where the shell looks for such scripts.
    package func completion(for shell: Shell) -> String {
        switch shell {
        case .bash: bashCompletion
        case .zsh: zshCompletion
        case .fish: fishCompletion
        }
    }

    /// The program's name as part of a shell function's name.
    var identifier: String { String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }

    /// Every verb with its summary, `help` among them.
    var verbs: [Row] { rows(of: commands) }

    /// Some of them, and `help`.
    func rows(of commands: [Command]) -> [Row] {
        commands.map { Row($0.name, $0.summary) } + [("help", "Explain a command")]
    }

    /// Every verb, as one word after the other.
    var verbWords: String { verbs.map(\.term).joined(separator: " ") }
}

/// Replaces some characters of a text: for the quoting rules of shells and of roff.
func replacing(_ replacements: [Character: String], in text: String) -> String {
    text.reduce(into: "") { $0 += replacements[$1] ?? String($1) }
}
