// SPDX-License-Identifier: Apache-2.0

import HookSeccompPolicy
import HookSeccompProgram
import Libseccomp
import Linux
import Testing

@Suite("The prepared filter of the hook")
struct PreparedFilterTests {
    @Test(
        "it decides about every call as what libseccomp makes of the list now",
        arguments: [
            SeccompProgram.Architecture.x86_64, .aarch64,
        ])
    func decisions(architecture: SeccompProgram.Architecture) throws {
        let translated = try SeccompFilter.hook.program(for: architecture)
        let prepared = SeccompProgram.hook(for: architecture)
        // The numbers with bit 30 are those of the x32 architecture; none has the number -1.
        let numbers = Array(Int32(-1)..<700) + (0..<700).map { 1 << 30 | $0 }
        let arguments: [[UInt64]] = [[], [1], [2], [1 << 32 | 1], [0, 0, 4], [0, 0, 3], [0, 0, 1 << 32], [1, 0, 7]]
        for number in numbers {
            for arguments in arguments {
                let expected = try #require(translated.decision(number, arguments, architecture: architecture))
                #expect(
                    prepared.decision(number, arguments, architecture: architecture) == expected,
                    "call \(number) with \(arguments)")
            }
        }
    }

    @Test("calls of another architecture kill")
    func otherArchitecture() {
        for number in Int32(0)..<500 {
            #expect(SeccompProgram.hook(for: .x86_64).decision(number, [], architecture: .aarch64) == .killProcess)
            #expect(SeccompProgram.hook(for: .aarch64).decision(number, [], architecture: .x86_64) == .killProcess)
        }
    }

    @Test("what the list means, by the numbers of x86-64")
    func meaning() {
        func decision(_ number: Int32, _ arguments: UInt64...) -> SeccompDecision? {
            SeccompProgram.hook(for: .x86_64).decision(number, arguments, architecture: .x86_64)
        }
        let (read, openat2, schedSetattr, prlimit64) = (Int32(0), Int32(437), Int32(314), Int32(302))
        for number in [read, openat2, schedSetattr, prlimit64] { #expect(decision(number) == .allow) }
        let (execve, ptrace, clone, mount, bpf) = (Int32(59), Int32(101), Int32(56), Int32(165), Int32(321))
        for number in [execve, ptrace, clone, mount, bpf] { #expect(decision(number) == .killProcess) }
        let (socket, mmap, mprotect) = (Int32(41), Int32(9), Int32(10))
        #expect(decision(socket, 1) == .allow)
        #expect(decision(socket, 2) == .fail(.notPermitted))
        #expect(decision(socket, 1 << 32 | 1) == .fail(.notPermitted))
        for number in [mmap, mprotect] {
            #expect(decision(number, 0, 0, 3) == .allow)
            #expect(decision(number, 0, 0, 7) == .fail(.notPermitted))
        }
        let chmod = Int32(90)
        #expect(decision(chmod) == .fail(.notPermitted))
    }
}
