// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Testing

@Suite("Understanding a command line")
struct ParsingTests {
    static let understood: [([String], String)] = [
        // Options, in each spelling.
        (["boil", "--water", "2"], #"2 l fast [] - false"#),
        (["boil", "--water=2"], #"2 l fast [] - false"#),
        (["boil", "-w", "2", "-n"], #"2 l fast [] - true"#),
        (["boil", "--dry-run", "--style", "gentle", "--water", "2"], #"2 l gentle [] - true"#),
        // A value may look odd.
        (["boil", "--water=-2"], #"-2 l fast [] - false"#),
        (["boil", "--water", "2", "--log", "-"], #"2 l fast [] - false"#),
        (["boil", "--water", "2", "--log="], #"2 l fast []  false"#),
        (["boil", "--water", "2", "--log=a=b"], #"2 l fast [] a=b false"#),
        // Repeated options keep their order.
        (["boil", "-a", "tea", "-w", "1", "--add", "milk"], #"1 l fast ["tea", "milk"] - false"#),
        // Operands.
        (["snapshot", "here"], "here"),
        (["snapshot", "-"], "-"),
        (["snapshot", "--", "--help"], "--help"),
        (["completion"], "bash"),
        (["completion", "fish"], "fish"),
        // Another program's words are its own.
        (["run", "ls", "--help"], #"small ["ls", "--help"]"#),
        (["run", "-c", "large", "ls", "-c", "--", "x"], #"large ["ls", "-c", "--", "x"]"#),
        (["run", "--cup=large", "--", "--odd", "-h"], #"large ["--odd", "-h"]"#),
    ]

    @Test("options and operands reach the command", arguments: understood)
    func reaches(words: [String], noted: String) throws {
        #expect(try Kettle().told(words) == noted)
    }

    @Test(
        "help is found wherever it is asked for",
        arguments: [["--help"], ["-h"], ["help"], ["help", "help"], ["help", "--help"]])
    func generalHelp(words: [String]) throws {
        #expect(try shown(words) == Kettle().table.help)
    }

    @Test(
        "help of a command is found, whatever else is missing",
        arguments: [
            ["boil", "--help"], ["boil", "-h"], ["help", "boil"], ["boil", "--water", "wrong", "--help", "--nonsense"],
        ])
    func commandHelp(words: [String]) throws {
        let table = Kettle().table
        #expect(try shown(words) == table.help(of: table.commands[0]))
    }

    @Test("the version is the program's name and number", arguments: ["--version", "-V"])
    func version(word: String) throws {
        #expect(try shown([word]) == "kettle 1.2")
    }

    @Test("a command may complain about usage itself, and the table says where")
    func lateComplaint() {
        let error = #expect(throws: UsageError.self) { try Kettle().told(["status", "--json"]) }
        #expect(error?.description == "status: no temperature is JSON\n  try: kettle status --help")
    }
}

/// The text that is to be printed, where no command is to be run.
private func shown(_ words: [String]) throws -> String? {
    switch try Kettle().table.parse(words) {
    case .help(let text), .version(let text): text
    case .command: nil
    }
}
