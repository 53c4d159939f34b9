// SPDX-License-Identifier: Apache-2.0

extension CommandTable {
    /// Rules for fish 3 or later.
    var fishCompletion: String {
        """
        # fish completion for \(name), generated from its table of commands
        function __\(identifier)_verb -d 'Whether no verb was given, or this one'
            set -l words (commandline -opc)
            test (count $words) -eq 1 -a (count $argv) -eq 0; or test "$words[2]" = "$argv"
        end
        function __\(identifier)_before_command -d 'Whether this verb awaits a command; its options with values follow'
            set -l words (commandline -opc)
            test "$words[2]" = "$argv[1]"; or return
            set -e words[1..2]
            while set -q words[1]
                string match -q -- '-?*' $words[1]; and test $words[1] != --; or return
                contains -- $words[1] $argv[2..-1]; and set -e words[1]
                set -e words[1]
            end
            true
        end
        complete -c \(name) -f
        \((general + commands.flatMap(rules)).joined(separator: "\n"))

        """
    }

    private var general: [String] {
        let none = "__\(identifier)_verb"
        return verbs.map { rule(none, "-a \($0.term) -d \(quoted($0.meaning))") }
            + generalOptions.map { rule(none, spelling($0)) }
            + [rule("\(none) help", "-a \(quoted(verbWords))")]
    }

    private func rules(for command: Command) -> [String] {
        let valued = command.options.filter { $0.placeholder != nil }.flatMap(\.words)
        guard let operand = command.operand, operand.passesThrough else {
            let condition = "__\(identifier)_verb \(command.name)"
            let operand = command.operand.flatMap { source($0.first) }.map { [rule(condition, $0)] } ?? []
            return command.allOptions.map { rule(condition, spelling($0)) } + operand
        }
        let condition = (["__\(identifier)_before_command", command.name] + valued).joined(separator: " ")
        let skipping = (["--fcs-skip=2"] + valued).joined(separator: " ")
        return command.allOptions.map { rule(condition, spelling($0)) }
            + [rule("__\(identifier)_verb \(command.name)", "-a '(__fish_complete_subcommand \(skipping))'")]
    }

    private func rule(_ condition: String, _ what: String) -> String {
        "complete -c \(name) -n \(quoted(condition)) \(what)"
    }

    private func spelling(_ option: OptionShape) -> String {
        let letter = option.letter.map { "-s \($0) " } ?? ""
        let value = option.placeholder == nil ? "" : option.completion == .file ? " -r" : " -x"
        let offered = option.placeholder == nil ? "" : source(option.completion).map { " \($0)" } ?? ""
        return "\(letter)-l \(option.name)\(value)\(offered) -d \(quoted(option.summary))"
    }

    private func source(_ completion: Completion) -> String? {
        switch completion {
        case .text: nil
        case .oneOf(let words): "-a \(quoted(words.joined(separator: " ")))"
        case .directory: "-a '(__fish_complete_directories)'"
        case .file: "-F"
        case .command: "-a '(__fish_complete_command)'"
        }
    }

    private func quoted(_ text: String) -> String { "'" + replacing(["\\": "\\\\", "'": "\\'"], in: text) + "'" }
}
