// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("CPU list")
struct CPUSetListTests {
    @Test(
        "a list that a person typed is understood, canonical or not",
        arguments: [
            ("0", [0], "0"),
            ("2-5,8", [2, 3, 4, 5, 8], "2-5,8"),
            ("8,2-5", [2, 3, 4, 5, 8], "2-5,8"),
            ("2,3,4,5", [2, 3, 4, 5], "2-5"),
            ("2-4,3-5", [2, 3, 4, 5], "2-5"),
            ("3,3,3-3", [3], "3"),
            ("002-0000000000000000000000000005", [2, 3, 4, 5], "2-5"),
            ("63-64", [63, 64], "63-64"),
            ("1023,1024,65535", [1_023, 1_024, 65_535], "1023-1024,65535"),
        ])
    func understood(text: String, cpus: [Int], canonical: String) throws {
        let set = try CPUSet(parsing: text)
        #expect(Array(set) == cpus)
        #expect(set.description == canonical)
    }

    @Test(
        "a list that is none is refused in one line that names what is wrong",
        arguments: [
            ("", "is empty; give CPUs such as 2-5,8"),
            ("5-2", "'5-2': 5 is greater than 2"),
            ("0-3,007-2", "'007-2': 7 is greater than 2"),
            ("a", "'a' is not a CPU number or range"),
            ("0,b-c", "'b-c' is not a CPU number or range"),
            ("2-5,", "ends in a comma; give CPUs such as 2-5,8"),
            (",2-5", "starts with a comma; give CPUs such as 2-5,8"),
            (",", "starts with a comma; give CPUs such as 2-5,8"),
            ("2,,5", "has two commas with no CPU between them"),
            ("2,,", "has two commas with no CPU between them"),
            ("0-4294967295", "'0-4294967295': 4294967295 is above the highest CPU number, 65535"),
            ("65536", "'65536': 65536 is above the highest CPU number, 65535"),
            (
                "99999999999999999999-2",
                "'99999999999999999999-2': 99999999999999999999 is above the highest CPU number, 65535"
            ),
            (
                "0-0099999999999999999999",
                "'0-0099999999999999999999': 99999999999999999999 is above the highest CPU number, 65535"
            ),
        ])
    func refused(text: String, message: String) {
        let error = #expect(throws: CPUListError.self) { try CPUSet(parsing: text) }
        #expect(error?.description == message)
    }

    @Test(
        "signs, spaces, other notations and other scripts are no numbers",
        arguments: [
            " ", " 2", "2 ", "2 - 5", "2-5, 8", "2\n", "\t2", "+1", "-1", "-", "2-", "--", "2--5", "1-2-3", "1.5",
            "1e3", "0x3",
            "0-15:1/2", "all", "N", "2;5", "٣", "２", "2-٣", "²", "Ⅷ", "2\u{200b}", "\u{0}",
        ])
    func notNumbers(text: String) {
        let item = text.split(separator: ",").last.map(String.init) ?? text
        #expect(throws: CPUListError.notACPU(item: item)) { try CPUSet(parsing: text) }
    }

    @Test("an error is one short line, whatever was typed")
    func shortErrors() throws {
        for text in [
            "a\nb", "\u{1b}[2J", "\r", "\u{202e}12", "\u{2028}", String(repeating: "é", count: 5_000), "🇪🇺\u{0}",
        ] {
            let error = try #require(throws: CPUListError.self) { try CPUSet(parsing: text) }
            let line = error.description
            #expect(line.count < 100)
            #expect(line.unicodeScalars.allSatisfy { $0.value >= 32 && !(0x2028...0x202e).contains($0.value) })
        }
        let digits = String(repeating: "9", count: 100_000)
        let error = try #require(throws: CPUListError.self) { try CPUSet(parsing: digits) }
        #expect(error.description.count < 180)
        #expect(
            String(describing: CPUListError.notACPU(item: "\u{1b}[2J"))
                == #"'\u{1B}[2J' is not a CPU number or range"#)
    }

    @Test("a list as long as an argument may be is read, and one that ends wrong is refused")
    func longLists() throws {
        let items = repeatElement("0-65535", count: 16_000).joined(separator: ",")
        #expect(try CPUSet(parsing: items) == CPUSet(0...65_535))
        #expect(throws: CPUListError.trailingComma) { try CPUSet(parsing: items + ",") }
    }

    @Test(
        "what the kernel prints is understood",
        arguments: [
            ("0-3,8\n", "0-3,8"), ("0-3,8", "0-3,8"), ("0\n", "0"), ("", ""), ("\n", ""), ("  (null)\n", ""),
            ("  (null)", ""),
            ("(null)\n", ""), ("0-8191\n", "0-8191"), ("0-3,8\r\n", "0-3,8"),
        ])
    func kernelList(text: String, list: String) {
        #expect(CPUSet(kernelList: text)?.description == list)
        #expect(CPUSet(kernelList: text[...])?.description == list)
    }

    @Test(
        "what is no list is not taken for the kernel's",
        arguments: ["a\n", "0-3,8,\n", "0 1", "null", "3-1\n", "ff,ffffffff"])
    func notKernelList(text: String) {
        #expect(CPUSet(kernelList: text) == nil)
    }

    @Test("every set is read back from its own list")
    func roundTrip() throws {
        var random = SeededGenerator(state: 3)
        for _ in 0..<500 {
            let cpus = random.cpus()
            let set = CPUSet(cpus)
            #expect(CPUSet(kernelList: "\(set)\n") == set)
            guard !set.isEmpty else { continue }
            #expect(try CPUSet(parsing: set.description) == set)
            let scattered = cpus.shuffled(using: &random).map(String.init).joined(separator: ",")
            #expect(try CPUSet(parsing: scattered) == set)
        }
    }
}
