// SPDX-License-Identifier: Apache-2.0

/// How engines and runtimes are told to call the hook, in the words of the runtime specification.
package enum HookRegistration {
    /// The name of the program.
    package static let program = "rtshield-hook"
    /// When it runs: at the earliest, since the container has its cgroups by then; at the last, to give everything back.
    package static let stages = ["createRuntime", "poststop"]
    /// How many seconds whoever starts it waits.
    ///
    /// The hook ends itself long before, so that no container waits for ever.
    package static let timeout = 5
}
