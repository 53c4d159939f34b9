// SPDX-License-Identifier: Apache-2.0

extension CommandTable {
    /// A function for zsh's completion system, as a file `_name` in its function path or sourced after `compinit`.
    var zshCompletion: String {
        """
        #compdef \(name)
        # zsh completion for \(name), generated from its table of commands
        _\(identifier)() {
            local -a verbs=(
        \(verbs.map { "        \(quoted("\($0.term):\($0.meaning)"))" }.joined(separator: "\n"))
            )
            if ((CURRENT == 2)); then
                if [[ $words[2] == -* ]]; then
                    _arguments \(generalOptions.map(spec).joined(separator: " "))
                else
                    _describe -t commands command verbs
                fi
                return
            fi
            local verb=$words[2]
            shift words
            ((CURRENT--))
            case $verb in
        \(commands.map(verbCase).joined(separator: "\n"))
            help) _arguments '1: :{_describe -t commands command verbs}' ;;
            esac
        }
        if [[ $funcstack[1] == _\(identifier) ]]; then
            _\(identifier) "$@"
        else
            compdef _\(identifier) \(name)
        fi

        """
    }

    private func verbCase(_ command: Command) -> String {
        var specs = command.allOptions.map(spec)
        if let operand = command.operand {
            let first = "\(operand.actions.isEmpty ? operand.placeholder : "action"):\(action(operand.first))"
            specs.append(operand.passesThrough ? quoted("(-)1:\(first)") : quoted("1:\(first)"))
            if operand.passesThrough { specs.append("'*::argument:_normal'") }
            if !operand.actions.isEmpty {
                specs.append(quoted("2:\(operand.placeholder):\(action(operand.completion))"))
            }
        }
        return "    \(command.name)) _arguments -S \\\n"
            + specs.map { "        \($0)" }.joined(separator: " \\\n") + " ;;"
    }

    /// One option as `_arguments` wants it: exclusions, spellings, description, value.
    private func spec(_ option: OptionShape) -> String {
        let exclusions = option.isRepeatable ? "*" : "(\(option.words.joined(separator: " ")))"
        let spellings = option.words.map { $0.hasPrefix("--") && option.placeholder != nil ? "\($0)=" : $0 }
        let summary = replacing(["[": "\\[", "]": "\\]", ":": "\\:", "\\": "\\\\"], in: option.summary)
        let value = option.placeholder.map { ":\($0):\(action(option.completion))" } ?? ""
        let choice = spellings.count > 1 ? "{\(spellings.joined(separator: ","))}" : spellings.joined()
        return "'\(exclusions)'\(choice)\(quoted("[\(summary)]\(value)"))"
    }

    private func action(_ completion: Completion) -> String {
        switch completion {
        case .text: " "
        case .oneOf(let words): "(\(words.joined(separator: " ")))"
        case .directory: "_files -/"
        case .file: "_files"
        case .command: "_command_names -e"
        }
    }

    private func quoted(_ text: String) -> String { "'" + replacing(["'": "'\\''"], in: text) + "'" }
}
