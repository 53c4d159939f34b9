// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Testing

/// What is typed, and what is answered.
struct Failure: CustomTestStringConvertible, Sendable {
    var words: [String]
    var message: String
    var hint: String
    var testDescription: String { words.joined(separator: " ") }

    init(_ words: [String], _ message: String, _ hint: String) {
        self.words = words
        self.message = message
        self.hint = hint
    }
}

@Suite("Refusing a command line")
struct FailureTests {
    static let failures = [
        // No such command.
        Failure([], "a command is missing", "try: kettle --help"),
        Failure([""], "no command ''", "try: kettle --help"),
        Failure(["biol"], "no command 'biol'", "did you mean 'boil'?"),
        Failure(["halp"], "no command 'halp'", "did you mean 'help'?"),
        Failure(["dishwash"], "no command 'dishwash'", "try: kettle --help"),
        Failure(["help", "statsu"], "no command 'statsu'", "did you mean 'status'?"),
        Failure(["help", "boil", "water"], "help: unexpected 'water'", "try: kettle --help"),
        // No such option.
        Failure(["--water", "2", "boil"], "no option '--water' before a command", "try: kettle --help"),
        Failure(["--versoin"], "no option '--versoin' before a command", "did you mean '--version'?"),
        Failure(["boil", "--watre", "2"], "boil: no option '--watre'", "did you mean '--water'?"),
        Failure(["boil", "-water", "2"], "boil: no option '-water'", "did you mean '--water'?"),
        Failure(["boil", "--watre=2"], "boil: no option '--watre'", "did you mean '--water'?"),
        Failure(["boil", "--hepl"], "boil: no option '--hepl'", "did you mean '--help'?"),
        Failure(["boil", "-nq"], "boil: no option '-nq'", "try: kettle boil --help"),
        Failure(["boil", "--=2"], "boil: no option '--'", "try: kettle boil --help"),
        // Values that are missing, superfluous or given twice.
        Failure(["boil", "--water"], "boil: --water: LITRES is missing", "try: kettle boil --help"),
        Failure(
            ["boil", "-w", "--dry-run"], "boil: --water: LITRES is missing before '--dry-run'",
            "try: kettle boil --help"),
        Failure(["boil", "--dry-run=yes"], "boil: --dry-run takes no value", "try: kettle boil --help"),
        Failure(["boil", "--help=yes"], "boil: --help takes no value", "try: kettle boil --help"),
        Failure(["boil", "-w", "2", "--water=3"], "boil: --water is given twice", "try: kettle boil --help"),
        Failure(["boil", "-n", "--dry-run"], "boil: --dry-run is given twice", "try: kettle boil --help"),
        Failure(["boil", "--style", "fast"], "boil: --water LITRES is missing", "try: kettle boil --help"),
        // Values that are wrong.
        Failure(["boil", "--water", "wine"], "boil: --water: 'wine' is no amount", "try: kettle boil --help"),
        Failure(["boil", "-w", ""], "boil: --water: '' is no amount", "try: kettle boil --help"),
        Failure(["boil", "--water="], "boil: --water: '' is no amount", "try: kettle boil --help"),
        Failure(
            ["boil", "-w", "2", "--style", "gentel"], "boil: --style: 'gentel' is not one of fast, gentle",
            "did you mean 'gentle'?"),
        Failure(
            ["boil", "-w", "2", "--style", "slow"], "boil: --style: 'slow' is not one of fast, gentle",
            "try: kettle boil --help"),
        // Operands.
        Failure(["status", "now"], "status: unexpected 'now'", "try: kettle status --help"),
        Failure(["status", "--", "--json"], "status: unexpected '--json'", "try: kettle status --help"),
        Failure(["snapshot"], "snapshot: DIR is missing", "try: kettle snapshot --help"),
        Failure(["snapshot", ""], "snapshot: DIR: the path is empty", "try: kettle snapshot --help"),
        Failure(["snapshot", "a", "b"], "snapshot: unexpected 'b'", "try: kettle snapshot --help"),
        Failure(
            ["completion", "bsh"], "completion: SHELL: 'bsh' is not one of bash, zsh, fish", "did you mean 'bash'?"),
        Failure(["run"], "run: COMMAND is missing", "try: kettle run --help"),
        Failure(["run", "--cup", "large", "--"], "run: COMMAND is missing", "try: kettle run --help"),
        // What was typed cannot break the line or reach the terminal as a command.
        Failure(["boil", "--a\nb\u{1B}[31m"], #"boil: no option '--a\nb\u{1B}[31m'"#, "try: kettle boil --help"),
    ]

    @Test("each mistake gets one clear line and a hint", arguments: failures)
    func refuses(failure: Failure) {
        let error = #expect(throws: UsageError.self) { try Kettle().table.parse(failure.words) }
        #expect(error?.message == failure.message)
        #expect(error?.hint == failure.hint)
        #expect(error?.exitCode == 2)
    }
}
