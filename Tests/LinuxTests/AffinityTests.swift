// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Linux

@Suite("The CPUs of a task")
struct AffinityTests {
    @Test("the mask is the one in /proc, and as wide as the kernel's")
    func reading() throws {
        let words = try Affinity.words(of: CurrentProcess.id)
        let status = text(try FileDescriptor.open("/proc/self/status", .reading).readAll())
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") })
        let hex = line.dropFirst("Cpus_allowed:".count).filter { $0.isHexDigit }
        #expect(words.first == UInt64(hex.suffix(16), radix: 16))
        #expect(words.contains { $0 != 0 })
    }

    @Test("memory that is used again is grown or cut to a width that the kernel takes", arguments: [0, 1, 3, 1024])
    func reuse(width: Int) throws {
        let expected = try trimmed(Affinity.words(of: 0))
        var words = [UInt64](repeating: .max, count: width)
        try Affinity.read(of: 0, into: &words)
        #expect(trimmed(words) == expected)
        try Affinity.read(of: 0, into: &words)
        #expect(trimmed(words) == expected)
    }

    @Test(
        "a kernel that counts more CPUs than the mask has bits is asked with a wider one, once for all",
        arguments: [1025, 4096, 8192, 65_536])
    func growth(cpus: Int) throws {
        let width = (cpus + 63) / 64
        var calls = 0
        let kernel = { (words: inout [UInt64]) -> Int in
            calls += 1
            if words.count < width { return -22 }
            words[width - 1] = 1
            return width * 8
        }
        var words: [UInt64] = []
        try Affinity.fill(&words, from: kernel)
        #expect(words == [UInt64](repeating: 0, count: width - 1) + [1])
        calls = 0
        try Affinity.fill(&words, from: kernel)
        #expect(calls == 1)
    }

    @Test("a kernel that takes no width at all is believed in the end")
    func noWidth() {
        var words: [UInt64] = []
        #expect(throws: Errno.invalidArgument) { try Affinity.fill(&words) { _ in -22 } }
    }

    /// The mask without the zeros at its end: how many there are depends on the kernel.
    private func trimmed(_ words: [UInt64]) -> [UInt64] {
        Array(words[..<(words.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)])
    }

    @Test("a mask that is set is read back, and the one before can be restored")
    func roundTrip() throws {
        try withSleeper { sleeper in
            let before = try Affinity.words(of: sleeper)
            let index = try #require(before.firstIndex { $0 != 0 })
            var first = [UInt64](repeating: 0, count: before.count)
            first[index] = before[index] & (~before[index] &+ 1)
            try Affinity.set(first, of: sleeper)
            #expect(try Affinity.words(of: sleeper) == first)
            try Affinity.set(before, of: sleeper)
            #expect(try Affinity.words(of: sleeper) == before)
        }
    }

    @Test("a mask wider than cpu_set_t is taken; CPUs that do not exist are left out")
    func wide() throws {
        try withSleeper { sleeper in
            let before = try Affinity.words(of: sleeper)
            let beyond = [UInt64](repeating: .max, count: 64)
            try Affinity.set(before + beyond, of: sleeper)
            #expect(try Affinity.words(of: sleeper) == before)
        }
    }

    @Test("a mask without a CPU that exists is refused", arguments: [[], [0], [UInt64](repeating: 0, count: 20) + [1]])
    func empty(words: [UInt64]) {
        #expect(throws: Errno.invalidArgument) { try Affinity.set(words, of: 0) }
    }

    @Test("a task that does not exist is said to be gone")
    func gone() throws {
        let ended = try ChildProcess.run(["sh", "-c", "echo $$"])
        let number = try #require(Int32(ended.output.text.dropLast()))
        #expect(throws: Errno.noSuchProcess) { _ = try Affinity.words(of: number) }
        #expect(throws: Errno.noSuchProcess) { try Affinity.set([1], of: number) }
    }
}
