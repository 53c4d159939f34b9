// SPDX-License-Identifier: Apache-2.0

import CommandTable
import FoundationEssentials
import Glibc
import Linux
import RecordedMachines
import ShieldKit
import Testing

@testable import rtshield

/// The program as it was built, run as a child process.
enum Child {
    /// The program lies beside the tests.
    static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return tests.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/rtshield"
    }()

    static func run(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
        try run(words)
    }

    /// Runs the program with a text on its standard input, or an empty one.
    static func run(_ words: [String], input: String? = nil) throws -> (status: Int32, output: String, errors: String) {
        let machine = try RecordedMachine(files: ["input": input ?? ""])
        let redirect = ["/bin/sh", "-c", #"input=$1; shift; exec "$0" "$@" <"$input""#, path, machine.path + "/input"]
        let outcome = try ChildProcess.run((input == nil ? [path] : redirect) + words)
        guard case .exited(let status) = outcome.ending else { throw Complaint(what: "killed: \(outcome)") }
        return (status, outcome.output.text, outcome.errorOutput.text)
    }
}

@Suite("The table of commands")
struct TableTests {
    @Test("has no faults")
    func faultless() { #expect(Program.table.flaws == []) }

    @Test("yields the help that was last looked at")
    func help() throws {
        try expect(Program.table.help, matches: "help.txt")
        for command in Program.table.commands {
            try expect(Program.table.help(of: command), matches: "help-\(command.name).txt")
        }
    }

    @Test("help fits a screen")
    func fits() {
        for text in [Program.table.help] + Program.table.commands.map(Program.table.help(of:)) {
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 30, "\(text)")
        }
    }
}

@Suite("The command line, from outside")
struct CommandLineTests {
    /// An eight-CPU machine without a shield.
    private static let unshielded = MachineText(online: "0-7", unified: false)

    @Test(
        "a bad list of CPUs is one clear line and exit 2",
        arguments: [
            ("5-2", "5 is greater than 2"), ("9-12", "9-12"), ("", "empty"), ("a", "'a'"), ("2-5,", "comma"),
            ("0-4294967295", "4294967295"), ("0-7", "leave at least one"),
        ])
    func badList(list: String, mentions: String) throws {
        let machine = try RecordedMachine(files: Self.unshielded.files)
        let result = try Child.run("create", "--dry-run", "--sysroot", machine.path, "--cpus", list)
        #expect(result.status == 2)
        #expect(result.output == "")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.first?.hasPrefix("rtshield: ") == true)
        #expect(lines.filter { $0.hasPrefix("rtshield: ") }.count == 1 && lines.count <= 2, "\(result.errors)")
        #expect(lines.first?.contains(mentions) == true, "\(result.errors)")
    }

    @Test("an unknown option is one clear line, exit 2, and which may have been meant")
    func unknownOption() throws {
        let result = try Child.run("create", "--cpu", "2-5")
        #expect(result.status == 2)
        #expect(result.errors == "rtshield: create: no option '--cpu'\n  did you mean '--cpus'?\n")
    }

    @Test("status without a shield draws the machine, and exits 3")
    func noShield() throws {
        let machine = try RecordedMachine(files: Self.unshielded.files)
        let result = try Child.run("status", "--sysroot", machine.path)
        #expect(result.status == 3)
        #expect(result.output.hasPrefix("No CPU is shielded."))
        #expect(result.output.contains("CPU          0   1   2"))
        let quiet = try Child.run("status", "--quiet", "--sysroot", machine.path)
        #expect(quiet.status == 3)
        #expect(quiet.output == "" && quiet.errors == "")
    }

    @Test("status with a shield exits 0, and --quiet prints its CPUs alone")
    func shielded() throws {
        let machine = try RecordedMachine(files: Machines.shielded().files)
        let result = try Child.run("status", "--sysroot", machine.path)
        #expect(result.status == 0)
        #expect(!result.output.contains("\u{1B}"))
        let quiet = try Child.run("status", "-q", "--sysroot", machine.path)
        #expect(quiet.status == 0)
        #expect(quiet.output == "2-5\n")
    }

    @Test("status of an interrupted shield exits 1 and says what to do")
    func interrupted() throws {
        var text = Self.unshielded
        try text.journal(Machines.shield(), done: false)
        let machine = try RecordedMachine(files: text.files)
        let result = try Child.run("status", "--sysroot", machine.path)
        #expect(result.status == 1)
        #expect(result.output.contains("rtshield destroy"))
        #expect(try Child.run("status", "-q", "--sysroot", machine.path).output == "")
    }

    @Test("--json is for programs")
    func json() throws {
        struct Payload: Decodable {
            var state: String
            var partitions: [Part]
            struct Part: Decodable {
                var name: String
                var cpus: String
            }
        }
        let machine = try RecordedMachine(files: Machines.shielded().files)
        let result = try Child.run("status", "--json", "--sysroot", machine.path)
        let payload = try JSONDecoder().decode(Payload.self, from: Data(result.output.utf8))
        #expect(payload.state == "shielded")
        #expect(payload.partitions.map(\.cpus) == ["0-1,6-7", "2-5", "2-5"])
    }

    @Test("--json and --quiet are mutually exclusive")
    func exclusive() throws {
        let result = try Child.run("status", "--json", "--quiet")
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("rtshield: status: --json and --quiet are mutually exclusive\n"))
    }

    @Test(
        "each mistake in a configuration is a line with its place, and exit 2",
        arguments: [
            ("shield:\n  cpu: 2-5\n", ":2:3: ", "did you mean 'cpus'?"),
            ("shield:\n  cpus: 5-2\n", ":2:9: ", "5 is greater than 2"),
            ("shield:\n  cpus: 2-5\n  with: [irq]\n", ":3:10: ", "did you mean 'irqs'?"),
            ("shield: [\n", ":2:1: ", "did not find expected node content"),
        ])
    func configuration(text: String, place: String, mentions: String) throws {
        let directory = try RecordedMachine(files: ["config.yaml": text])
        let path = directory.path + "/config.yaml"
        for words in [["config", "check", path], ["apply", "--config", path]] {
            let result = try Child.run(words)
            #expect(result.status == 2)
            #expect(result.errors.contains(path + place), "\(result.errors)")
            #expect(result.errors.contains(mentions), "\(result.errors)")
        }
    }

    @Test("a configuration that shields nothing is right, and there is nothing to apply")
    func nothingToApply() throws {
        let directory = try RecordedMachine(files: ["config.yaml": "realtime:\n  max-priority: 50\n"])
        let path = directory.path + "/config.yaml"
        let check = try Child.run("config", "check", path)
        #expect(check.status == 0)
        #expect(check.output == "\(path) is valid: it describes no shield.\n")
        for words in [["apply", "--config", path], ["apply", "--dry-run", "--config", path]] {
            let result = try Child.run(words)
            #expect(result.status == 0)
            #expect(result.errors.hasPrefix("rtshield: \(path) has no 'shield', so there is nothing to apply;"))
        }
    }

    @Test("a configuration that is not there is refused, and names another way")
    func noConfiguration() throws {
        let result = try Child.run("config", "check", "/var/empty/none.yaml")
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("rtshield: cannot read /var/empty/none.yaml: No such file or directory\n"))
    }

    @Test("an attribute that is unknown, or both wanted and not, exits 2", arguments: ["governer", "irqs"])
    func attributes(name: String) throws {
        let result = try Child.run("create", "--cpus", "1", "--with", name, "--without", "irqs", "--dry-run")
        #expect(result.status == 2)
        #expect(result.errors.contains(name), "\(result.errors)")
    }

    @Test("a directory that is no machine is refused")
    func notAMachine() throws {
        let result = try Child.run("status", "--sysroot", "/var/empty/none")
        #expect(result.status == 1)
        #expect(result.errors.contains("rtshield snapshot"))
    }

    @Test("completion and manual print what the table yields", arguments: Shell.allCases)
    func generated(shell: Shell) throws {
        #expect(try Child.run("completion", shell.rawValue).output == Program.table.completion(for: shell))
        #expect(try Child.run("manual").output == Program.table.manualPage)
        #expect(try Child.run("completion", "tcsh").status == 2)
    }
}
