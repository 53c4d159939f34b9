// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Linux
import Testing

/// The filter as it was built, beside an `rtshield` that prints what it is given; both go when the value ends.
private struct House: ~Copyable {
    let path: String

    init() throws { path = try Self.furnished() }

    private static func furnished() throws -> String {
        var template = Array("/tmp/rtshield-filter.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The program lies beside the tests.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let built = tests.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/rtshield-hook"
        // Another process writes the programs: what this one has open to write, a child of another test may keep open, and
        // then it cannot be started.
        let outcome = try ChildProcess.run([
            "/bin/sh", "-c", #"cp "$0" "$1" && printf %s "$2" >"$1/rtshield" && chmod 755 "$1/rtshield""#, built, path,
            "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" \"$NAME\"\ncat",
        ])
        #expect(outcome.ending == .exited(status: 0), "\(outcome.errorOutput.text)")
        return path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    /// Writes a state that has this directory for a bundle, and shows it to the filter.
    func visit() throws -> ChildProcess.Outcome {
        try visit(state: #"{"id":"x","status":"creating","bundle":"\#(path)"}"#)
    }

    func visit(state: String) throws -> ChildProcess.Outcome {
        try write("state", state)
        return try ChildProcess.run(
            ["/bin/sh", "-c", #"exec "$0/rtshield-hook" --some 'more words' <"$0/state""#, path],
            environment: ["NAME=value"])
    }

    /// What is printed when a state is handed over.
    func handedOver(_ state: String) -> String { "\(path)/rtshield\nhook\n--some\nmore words\nvalue\n\(state)" }
}

/// Whether this machine has something that a filter hands over for.
private let isShielded = ["/run/rtshield/journal", "/etc/rtshield/config.yaml"].contains {
    FileManager.default.fileExists(atPath: $0)
}

@Suite("The filter, from outside")
struct ProgramTests {
    @Test("hands over each byte, its arguments and its environment", arguments: [0, 7, 300 << 10, 900 << 10])
    func handsOver(size: Int) throws {
        let house = try House()
        let state = String(repeating: "x", count: size)
        let outcome = try house.visit(state: state)
        #expect(outcome.ending == .exited(status: 0))
        #expect(outcome.output.text == house.handedOver(state))
        #expect(outcome.errorOutput.text == "")
    }

    @Test("says nothing and ends well if it lets through", .enabled(if: !isShielded))
    func letsThrough() throws {
        let house = try House()
        try house.write("config.json", #"{"linux":{}}"#)
        let outcome = try house.visit()
        #expect(outcome.ending == .exited(status: 0))
        #expect(outcome.output.text == "" && outcome.errorOutput.text == "")
    }

    @Test("hands over if config.json is missing, a link, a directory, no file to wait for, or large", arguments: 0..<5)
    func strangeFiles(kind: Int) throws {
        let house = try House()
        let file = house.path + "/config.json"
        switch kind {
        case 0: break
        case 1:
            try house.write("elsewhere", #"{"linux":{}}"#)
            symlink("elsewhere", file)
        case 2: mkdir(file, 0o755)
        case 3: mkfifo(file, 0o644)
        default: try house.write("config.json", #"{"a":"\#(String(repeating: "x", count: 1 << 20))"}"#)
        }
        let outcome = try house.visit()
        #expect(outcome.output.text.hasPrefix("\(house.path)/rtshield\nhook\n"))
    }

    @Test("ends with one line if there is no rtshield, and if the state has no end")
    func fails() throws {
        let house = try House()
        let endless = try house.visit(state: String(repeating: "x", count: 17 << 20))
        #expect(endless.ending == .exited(status: 1))
        #expect(endless.errorOutput.text == "rtshield-hook: the state on standard input is larger than 16 MiB\n")
        unlink(house.path + "/rtshield")
        let alone = try house.visit(state: "{}")
        #expect(alone.ending == .exited(status: 1))
        #expect(
            alone.errorOutput.text
                == "rtshield-hook: cannot start \(house.path)/rtshield: No such file or directory\n")
    }
}
