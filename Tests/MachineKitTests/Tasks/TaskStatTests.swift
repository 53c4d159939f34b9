// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("Task stat")
struct TaskStatTests {
    private static let tail =
        " S 1203 4711 4711 34816 -1 4194304 2894 6520 18 1 3 2 0 0 20 -5 13 0 107910 44896256 3600 "
        + "18446744073709551615 1 1 0 0 0 0 0 4096 1256 0 0 0 17 37 0 0 0 0 0 0 0 0 0 0 0 0 0\n"

    @Test(
        "the name ends at the last parenthesis, whatever it holds",
        arguments: [
            "cat", "(sd-pam)", "a) b) c", "((x)", ")", "(", "", " ", ") S 1 2 3", "tmux: server", "x\ny", "a\\b",
            "\u{1b}[2J", "Wörker",
        ])
    func names(name: String) throws {
        let stat = try #require(TaskStat("4711 (\(name))\(Self.tail)".utf8))
        #expect(stat.id == 4_711 && stat.name == name && stat.state == "S" && stat.parent == 1_203)
        #expect(stat.flags == 4_194_304 && stat.threads == 13 && stat.startTime == 107_910 && stat.lastCPU == 37)
        #expect(!stat.isKernelThread && !stat.refusesAffinity && !stat.isWorker)
    }

    @Test("bytes that are no UTF-8 are replaced in the name")
    func invalidName() throws {
        let bytes = Array("1 (".utf8) + [0xff, 0xfe] + Array(")\(Self.tail)".utf8)
        #expect(TaskStat(bytes)?.name == "\u{fffd}\u{fffd}")
    }

    @Test(
        "kernel threads are told apart",
        arguments: [
            (
                "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 24 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 0 1 0 0",
                true, false, false
            ),
            (
                "21 (migration/1) S 2 0 0 0 -1 69238848 0 0 0 0 0 30 0 0 -100 0 1 0 24 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 17 1 99 1",
                true, true, false
            ),
            (
                "32 (kworker/u8:1-writeback) I 2 0 0 0 -1 69238880 0 0 0 0 0 33 0 0 20 0 1 0 26 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 17 1 0 0",
                true, true, true
            ),
            (
                "1 (process_api) S 0 0 0 0 -1 4194560 32261 215019 0 123 91 325 171 122 20 0 13 0 24 44896256 3600 18446744073709551615 1 1 0 0 0 0 0 4096 1256 0 0 0 17 1 0 0",
                false, false, false
            ),
        ])
    func kernelThreads(line: String, isKernelThread: Bool, refusesAffinity: Bool, isWorker: Bool) throws {
        let stat = try #require(TaskStat(line.utf8))
        #expect(stat.isKernelThread == isKernelThread)
        #expect(stat.refusesAffinity == refusesAffinity)
        #expect(stat.isWorker == isWorker)
        #expect(stat.lastCPU == 1 && (24...26).contains(stat.startTime))
    }

    @Test("bytes come from any collection")
    func collections() {
        let text = "7 (x)" + Self.tail
        let stat = TaskStat(text.utf8)
        #expect(stat != nil)
        #expect(TaskStat(Array(text.utf8)) == stat && TaskStat(Array((" " + text).utf8).dropFirst()) == stat)
        #expect(TaskStat(text.utf8.lazy.map { $0 }) == stat)
    }

    @Test("the largest values fit, and larger ones are refused")
    func limits() {
        func stat(id: String, flags: String, start: String) -> TaskStat? {
            TaskStat(
                "\(id) (x) R 0 0 0 0 -1 \(flags) 0 0 0 0 0 0 0 0 20 0 1 0 \(start) 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 3 0"
                    .utf8)
        }
        let largest = stat(id: "2147483647", flags: "4294967295", start: "18446744073709551615")
        #expect(largest?.id == .max && largest?.flags == .max && largest?.startTime == .max && largest?.lastCPU == 3)
        #expect(stat(id: "2147483648", flags: "0", start: "0") == nil)
        #expect(stat(id: "1", flags: "4294967296", start: "0") == nil)
        #expect(stat(id: "1", flags: "0", start: "18446744073709551616") == nil)
        #expect(stat(id: "1", flags: "-1", start: "0") == nil)
    }

    @Test("a text that was cut anywhere before the CPU is refused")
    func truncated() throws {
        let text = "4711 (a) b)" + Self.tail
        let cpu = try #require(text.range(of: " 17 37")).upperBound
        for length in 0..<text[..<cpu].utf8.count - 2 {
            #expect(TaskStat(text.utf8.prefix(length)) == nil, "\(length) bytes")
        }
        #expect(TaskStat(text[..<cpu].utf8)?.lastCPU == 37)
    }

    @Test(
        "a text that is no stat is refused",
        arguments: ["", ")", "()", "1", "x (y) S 1", "1 y) S 1", "(y) S 1", "1(y) S 1", "1 ()", "1 () S"])
    func refused(text: String) {
        #expect(TaskStat(text.utf8) == nil)
        #expect(TaskStat((text + ")").utf8) == nil)
    }
}

extension String {
    fileprivate func range(of other: String) -> Range<Index>? {
        ranges(of: other).first
    }
}
