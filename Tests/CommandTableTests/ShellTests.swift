// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Testing

/// A line up to the cursor, and all that a shell should offer there.
struct Offer: CustomTestStringConvertible, Sendable {
    var line: String
    var words: [String]
    var testDescription: String { line }

    init(_ line: String, _ words: String) {
        self.line = line
        self.words = words.split(separator: " ").map(String.init).sorted()
    }

    /// What every shell agrees on.
    ///
    /// Shells run in a directory that holds `cups/`, `pots/` and `notes`.
    static let common = [
        Offer("kettle ", "boil run snapshot completion status help"),
        Offer("kettle s", "snapshot status"),
        Offer("kettle --", "--version --help"),
        Offer("kettle help b", "boil"),
        Offer("kettle boil --", "--water --style --add --log --dry-run --help"),
        Offer("kettle boil --d", "--dry-run"),
        Offer("kettle boil --style ", "fast gentle"),
        Offer("kettle boil --water 2 --style g", "gentle"),
        Offer("kettle boil --water ", ""),
        Offer("kettle boil --log no", "notes"),
        Offer("kettle snapshot p", "pots"),
        Offer("kettle completion ", "bash zsh fish"),
        Offer("kettle status --j", "--json"),
        Offer("kettle run --", "--cup --help"),
        Offer("kettle run -c ", "small large"),
        Offer("kettle run -c large printen", "printenv"),
        Offer("kettle run --cup large printen", "printenv"),
        Offer("kettle run -- printen", "printenv"),
        Offer("kettle run cat no", "notes"),
    ]
}

/// What a script for a shell prints.
///
/// In it `$SCRIPT` is the completion script and `$LINE` the line to complete.
private func output(of driver: String, in shell: Shell, completing line: String) throws -> [String] {
    let directory = try TemporaryDirectory()
    try write(Kettle().table.completion(for: shell), to: directory.path + "/_kettle")
    try write(driver, to: directory.path + "/driver")
    let place = "cd '\(directory.path)' && mkdir cups pots && touch notes"
    let setting = "env HOME='\(directory.path)' SCRIPT='\(directory.path)/_kettle' LINE='\(line)'"
    let options = shell == .bash ? "--norc" : shell == .zsh ? "-f" : "--no-config"
    let output = try run("\(place) && \(setting) \(shell.rawValue) \(options) driver 2>&1")
    return output.split(separator: "\n").map { String($0.hasSuffix("/") ? $0.dropLast() : $0) }
}

@Suite("Completion in bash", .enabled(if: exists("bash")))
struct BashTests {
    /// Splits the line as readline does with the default `COMP_WORDBREAKS`: a `=` is a word of its own.
    static let driver = """
        source "$SCRIPT"
        [[ $(complete -p kettle) == 'complete -F _kettle kettle' ]] || echo 'not registered'
        split=${LINE//=/ = }
        read -ra COMP_WORDS <<<"$split"
        [[ $LINE == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _kettle kettle "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        [[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\\n' "${COMPREPLY[@]}"
        """

    static let own = [
        Offer("kettle boil --style=", "fast gentle"),
        Offer("kettle boil --style=g", "gentle"),
        Offer("kettle boil --style=gentle --dr", "--dry-run"),
        Offer("kettle boil ", "--water --style --add --log --dry-run --help"),
        Offer("kettle boil --water 2 ", "--water --style --add --log --dry-run --help"),
        Offer("kettle run cat --", ""),
        Offer("kettle snapshot pots ", ""),
        Offer("kettle snapshot -- --", ""),
        Offer("kettle snapshot ", "cups pots"),
        Offer("kettle nonsense --", ""),
    ]

    @Test("what may follow is offered", arguments: Offer.common + own)
    func offers(offer: Offer) throws {
        #expect(try output(of: Self.driver, in: .bash, completing: offer.line).sorted() == offer.words)
    }
}

@Suite("Completion in fish", .enabled(if: exists("fish")))
struct FishTests {
    static let own = [
        Offer("kettle boil --style=g", "--style=gentle"),
        Offer("kettle run cat --c", ""),
        Offer("kettle help boil --", ""),
    ]

    @Test("what may follow is offered", arguments: Offer.common + own)
    func offers(offer: Offer) throws {
        let driver = "source $SCRIPT\ncomplete -C \"$LINE\" | string replace -r '\\t.*' ''"
        #expect(try output(of: driver, in: .fish, completing: offer.line).sorted() == offer.words)
    }
}

@Suite("Completion in zsh", .enabled(if: exists("zsh")))
struct ZshTests {
    /// Types each line and a tab into an interactive zsh whose `compadd` writes down what it is asked to add.
    ///
    /// One shell serves all lines, since its completion system takes long to start.
    static let driver = """
        zmodload zsh/zpty
        cat >inner <<'END'
        PS1= ; unsetopt beep ; fpath=($PWD $fpath)
        autoload -U compinit ; compinit -u -d $PWD/dump
        zstyle ':completion:*' completer _complete
        compadd() {
            local -a added
            if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)* ]]; then
                builtin compadd -O added "$@"
                print -rl -- $added >>$PWD/added
            fi
            builtin compadd "$@"
        }
        finish() { BUFFER= ; touch $PWD/finished }
        zle -N finish ; bindkey '^T' finish ; bindkey '^I' complete-word
        END
        await() { while [[ ! -e $1 ]]; do sleep 0.01; zpty -r -t z >/dev/null; done }
        zpty -b z zsh -f -i
        zpty -w z 'source ./inner; touch ready'
        await ready
        for line in "${(@f)LINE}"; do
            rm -f added finished
            zpty -w -n z "$line"$'\\t'$'\\024'
            await finished
            print -r -- ">$line"
            [[ ! -e added ]] || sort -u added | grep .
        done
        """

    static let own = [
        Offer("kettle boil --style=g", "gentle"),
        Offer("kettle run cat --c", ""),
        Offer("kettle boil --water 2 --wa", ""),
        Offer("kettle boil --add tea --ad", "--add"),
        Offer("kettle snapshot pots ", "--help -h"),
    ]

    @Test("what may follow is offered", .timeLimit(.minutes(2)))
    func offers() throws {
        let offers = Offer.common + Self.own
        let lines = offers.map(\.line).joined(separator: "\n")
        let output = try output(of: Self.driver, in: .zsh, completing: lines)
        let answers = output.split(omittingEmptySubsequences: false) { $0.hasPrefix(">") }.dropFirst()
        try #require(answers.count == offers.count, "\(output)")
        for (offer, answer) in zip(offers, answers) {
            #expect(answer.sorted() == offer.words, "\(offer.line)")
        }
    }
}
