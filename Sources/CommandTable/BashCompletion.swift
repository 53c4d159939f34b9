// SPDX-License-Identifier: Apache-2.0

extension CommandTable {
    /// A function for bash 4 or later that needs none of the bash-completion package's helpers.
    ///
    /// bash splits `--name=value` into three words, so a lone `=` leaves open that a value is wanted.
    var bashCompletion: String {
        """
        # bash completion for \(name), generated from its table of commands
        _\(identifier)() {
            local current=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}
            local options= operand=@text next=@text through= wanted= ended= seen=0 i word
            [[ $current == = ]] && current=
            case $verb in
        \(verbCases)
            esac
            ((COMP_CWORD == 1)) && operand='\(verbWords)' options='\(words(generalOptions))'
            for ((i = 2; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if [[ $wanted ]]; then
                    [[ $word == = ]] || wanted=
                elif [[ $ended || $word != -?* ]]; then
                    seen=$((seen + 1))
                    [[ $through ]] && break
                elif [[ $word == -- ]]; then
                    ended=1
                else
                    case "$verb $word" in
        \(valueCases)
                    esac
                fi
            done
            if [[ ! $wanted ]]; then
                if [[ ! $ended && ! ($through && $seen -gt 0) && ($current == -* || $operand == @none) ]]; then
                    wanted=$options
                elif ((seen > 0)); then
                    wanted=${through:-$next}
                else
                    wanted=$operand
                fi
            fi
            COMPREPLY=()
            case $wanted in
            @text | @none) ;;
            @directory) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
            @file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
            @command) mapfile -t COMPREPLY < <(compgen -c -- "$current" | sort -u) ;;
            *) mapfile -t COMPREPLY < <(compgen -W "$wanted" -- "$current") ;;
            esac
        }
        complete -F _\(identifier) \(name)

        """
    }

    /// What each verb takes: its options, what its first operand is, and what follows it in another program's words.
    private var verbCases: String {
        let cases = commands.map { command in
            let operand = command.operand.map { kind($0.first) } ?? "@none"
            let next = command.operand.flatMap { $0.actions.isEmpty ? nil : " next=\(kind($0.completion))" } ?? ""
            let through = command.operand?.passesThrough == true ? " through=@file" : ""
            let taken = "options='\(words(command.allOptions))' operand='\(operand)'\(next)\(through)"
            return "    \(command.name)) \(taken) ;;"
        }
        return (cases + ["    help) operand='\(verbWords)' ;;"]).joined(separator: "\n")
    }

    /// Which options want a value, and of what kind.
    private var valueCases: String {
        commands.flatMap { command in
            command.options.filter { $0.placeholder != nil }.map { option in
                let patterns = option.words.map { "'\(command.name) \($0)'" }.joined(separator: " | ")
                return "            \(patterns)) wanted='\(kind(option.completion))' ;;"
            }
        }.joined(separator: "\n")
    }

    private func words(_ options: [OptionShape]) -> String { options.map(\.word).joined(separator: " ") }

    /// What stands for a completion in the script; the `@` keeps it apart from a closed set of words.
    private func kind(_ completion: Completion) -> String {
        switch completion {
        case .text: "@text"
        case .oneOf(let words): words.joined(separator: " ")
        case .directory: "@directory"
        case .file: "@file"
        case .command: "@command"
        }
    }
}
