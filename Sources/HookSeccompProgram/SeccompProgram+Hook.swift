// SPDX-License-Identifier: Apache-2.0

package import Linux

extension SeccompProgram {
    /// What libseccomp makes of the hook's policy, so that no hook has to wait for it.
    ///
    /// The policy is `SeccompFilter.hook` in `Sources/HookSeccompPolicy`; in each build `seccomp-generator` makes
    /// `HookInstructions` of it.
    ///
    /// - Parameter architecture: Whose numbers the system calls have.
    /// - Returns: The instructions.
    package static func hook(for architecture: Architecture = .current) -> SeccompProgram {
        switch architecture {
        case .x86_64: SeccompProgram(instructions: HookInstructions.x86_64)
        case .aarch64: SeccompProgram(instructions: HookInstructions.aarch64)
        }
    }
}
