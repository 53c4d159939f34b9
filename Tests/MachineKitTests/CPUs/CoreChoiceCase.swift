// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

/// A machine, a request, and what comes of it.
struct CoreChoiceCase: CustomTestStringConvertible, Sendable {
    var machine: String
    var cores: Int
    var node: Int?
    var offline: CPUSet = []
    var cmdline = ""
    /// The CPUs, the reasons, or the error.
    var result: String

    var testDescription: String { "\(cores) of \(machine) \(cmdline) without \(offline): \(result)" }

    static let places: [Self] = [
        Self(machine: "core:8", cores: 1, result: "7"),
        Self(machine: "core:8", cores: 7, result: "1-7"),
        Self(machine: "core:4 thread:2", cores: 1, result: "3,7"),
        Self(machine: "core:4 thread:4", cores: 2, result: "2-3,6-7,10-11,14-15"),
        Self(machine: "node:2 core:4", cores: 3, result: "5-7"),
        Self(machine: "node:2 core:4", cores: 4, result: "4-7"),
        Self(machine: "node:2 core:4", cores: 5, result: "3-7"),
        Self(machine: "node:2 core:4 thread:2", cores: 2, node: 0, result: "2-3,10-11"),
        Self(machine: "node:4 core:2", cores: 2, result: "6-7"),
        Self(machine: "node:4 core:2", cores: 3, result: "5-7"),
    ]

    static let whatIsOffline: [Self] = [
        Self(machine: "node:2 core:4", cores: 4, offline: [7], result: "3-6"),
        Self(machine: "node:2 core:4", cores: 3, offline: [5], result: "4,6-7"),
        Self(machine: "node:2 core:4", cores: 3, node: 1, offline: [5], result: "4,6-7"),
        Self(machine: "core:8", cores: 2, offline: [6], result: "4-5"),
        Self(machine: "core:8", cores: 2, offline: [2, 4, 6], result: "5,7"),
        Self(machine: "core:8", cores: 1, offline: [0, 1, 2, 3, 4, 5], result: "7"),
        // A core that lost a thread is passed over, whichever of the two it was; without SMT all have lost theirs.
        Self(machine: "core:4 thread:2", cores: 1, offline: [7], result: "2,6"),
        Self(machine: "core:4 thread:2", cores: 1, offline: [3], result: "2,6"),
        Self(machine: "core:4 thread:2", cores: 2, offline: [3, 6], result: "error"),
        Self(machine: "core:4 thread:2", cores: 2, offline: [3, 7], result: "1-2,5-6"),
        Self(machine: "core:4 thread:2", cores: 2, offline: [4, 5, 6, 7], result: "2-3"),
        Self(machine: "core:4 thread:2", cores: 1, offline: [0], result: "3,7"),
    ]

    static let boot: [Self] = [
        Self(machine: "core:8", cores: 2, cmdline: "isolcpus=2-3", result: "2-3"),
        Self(machine: "core:8", cores: 2, cmdline: "isolcpus=2-4", result: "3-4"),
        Self(machine: "core:8", cores: 3, cmdline: "isolcpus=2-3", result: "2-3,7"),
        Self(machine: "core:8", cores: 1, cmdline: "nohz_full=5", result: "5"),
        Self(machine: "core:8", cores: 1, cmdline: "isolcpus=2-5 nohz_full=4", result: "4"),
        Self(machine: "core:4 thread:2", cores: 1, cmdline: "isolcpus=2-3,6", result: "2,6"),
        Self(machine: "core:4 thread:2", cores: 1, cmdline: "isolcpus=2", result: "3,7"),
        Self(machine: "node:2 core:4", cores: 2, cmdline: "isolcpus=2-3", result: "2-3"),
        Self(machine: "node:2 core:4", cores: 2, cmdline: "isolcpus=3-4", result: "3-4"),
        Self(machine: "node:2 core:4", cores: 2, node: 1, cmdline: "isolcpus=2-3", result: "6-7"),
        Self(machine: "node:2 core:4", cores: 3, cmdline: "isolcpus=2", result: "1-3"),
        // One CPU that the kernel may schedule on must stay, wherever it is.
        Self(machine: "core:8", cores: 4, cmdline: "isolcpus=0-3", result: "1-3,7"),
        Self(machine: "core:8", cores: 6, cmdline: "isolcpus=0-3", result: "1-3,5-7"),
        Self(machine: "core:8", cores: 7, cmdline: "isolcpus=0-3", result: "error"),
        Self(machine: "core:8", cores: 1, cmdline: "isolcpus=0-6", result: "6"),
        Self(machine: "core:8", cores: 1, offline: [7], cmdline: "isolcpus=0-6", result: "error"),
        Self(machine: "core:4 thread:2", cores: 2, offline: [7], cmdline: "isolcpus=0-2,4-6", result: "1-2,5-6"),
    ]

    static let reasons: [Self] = [
        Self(
            machine: "core:8", cores: 2,
            result: """
                not the core of CPU 0, where the work of the boot CPU stays
                the highest neighbours of 7 suitable cores: the system keeps the low ones
                """),
        Self(
            machine: "node:2 core:4", cores: 1,
            result: """
                on NUMA node 1, away from CPU 0
                the highest of 4 suitable cores: the system keeps the low ones
                """),
        Self(machine: "node:2 core:4", cores: 4, result: "all on NUMA node 1, away from CPU 0"),
        Self(
            machine: "node:2 core:4", cores: 7,
            result: """
                on NUMA nodes 0-1: none has 7 free cores
                not the core of CPU 0, where the work of the boot CPU stays
                """),
        Self(
            machine: "node:2 core:4", cores: 2, cmdline: "isolcpus=3-4 nohz_full=4",
            result: """
                on NUMA nodes 0-1: the CPUs of the boot options are spread over them
                already in isolcpus=
                CPU 4 already in nohz_full=
                not the core of CPU 0, where the work of the boot CPU stays
                """),
        Self(
            machine: "node:2 core:4", cores: 3, node: 0, cmdline: "isolcpus=0-5",
            result: """
                on NUMA node 0, as requested
                already in isolcpus=
                not the core of CPU 0, where the work of the boot CPU stays
                not the core of CPU 6: one CPU outside isolcpus= must remain
                """),
        Self(
            machine: "core:4 thread:2", cores: 1, offline: [0, 4, 7],
            result: """
                not the core of CPU 1, the lowest online, where the work of the boot CPU stays
                not CPU 3, whose core has a thread that is offline
                """),
    ]
}
