// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Linux

@Suite("The prepared filter of the hook")
struct PreparedFilterTests {
    private static let file =
        String(#filePath.dropLast("Tests/LinuxTests/PreparedFilterTests.swift".count))
        + "Sources/Linux/SeccompProgram+Hook.swift"

    @Test(
        "it decides about every call as what libseccomp makes of the list now",
        arguments: [
            SeccompFilter.Architecture.x86_64, .aarch64,
        ])
    func decisions(architecture: SeccompFilter.Architecture) throws {
        if CurrentProcess.environmentVariable("UPDATE_SNAPSHOTS") != nil { try write() }
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
                    "call \(number) with \(arguments): UPDATE_SNAPSHOTS=1 accepts the change")
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

    /// Writes the programs that are compiled in.
    private func write() throws {
        func literal(_ architecture: SeccompFilter.Architecture) throws -> String {
            let instructions = try SeccompFilter.hook.program(for: architecture).instructions.map(grouped)
            return stride(from: 0, to: instructions.count, by: 4).map { start in
                "        " + instructions[start..<min(start + 4, instructions.count)].joined(separator: ", ") + ","
            }.joined(separator: "\n")
        }
        let source = """
            // SPDX-License-Identifier: Apache-2.0
            //
            // Written by the tests, with UPDATE_SNAPSHOTS=1.

            extension SeccompProgram {
                /// What libseccomp makes of `SeccompFilter.hook`, so that no hook has to wait for it.
                ///
                /// - Parameter architecture: Whose numbers the system calls have.
                /// - Returns: The instructions.
                package static func hook(for architecture: SeccompFilter.Architecture = .current) -> SeccompProgram {
                    switch architecture {
                    case .x86_64: SeccompProgram(instructions: x86)
                    case .aarch64: SeccompProgram(instructions: arm)
                    }
                }

                private static let x86: [UInt64] = [
            \(try literal(.x86_64))
                ]

                private static let arm: [UInt64] = [
            \(try literal(.aarch64))
                ]
            }

            """
        let file = try FileDescriptor.open(Self.file, .writing, options: .create, permissions: 0o644)
        try file.truncate(to: 0)
        try file.write(source)
    }

    /// A number in groups of four digits.
    private func grouped(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        let padded = Array(String(repeating: "0", count: 16 - digits.count) + digits)
        return "0x" + stride(from: 0, to: 16, by: 4).map { String(padded[$0..<($0 + 4)]) }.joined(separator: "_")
    }
}
