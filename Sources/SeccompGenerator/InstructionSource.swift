// SPDX-License-Identifier: Apache-2.0

import Libseccomp
import Linux

/// A file of Swift that declares the instructions of a policy as constants, one array an architecture.
struct InstructionSource {
    let text: String

    /// Has libseccomp translate a policy for each architecture.
    ///
    /// - Throws: The reason for which libseccomp failed.
    init(of policy: SeccompFilter) throws(Errno) {
        var lines = ["// Written in each build by seccomp-generator.", "", "enum HookInstructions {"]
        for architecture in SeccompProgram.Architecture.allCases {
            lines.append("    static let \(architecture): [UInt64] = [")
            lines += try policy.program(for: architecture).instructions.map { "        \(Self.literal($0))," }
            lines.append("    ]")
        }
        text = (lines + ["}", ""]).joined(separator: "\n")
    }

    private static func literal(_ instruction: UInt64) -> String {
        let digits = String(instruction, radix: 16)
        return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
