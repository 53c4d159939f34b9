// SPDX-License-Identifier: Apache-2.0
//
// Part of the build only: has libseccomp translate the policy of the hook, and writes the instructions as Swift source.

import HookSeccompPolicy
import Libseccomp
import Linux

guard CommandLine.arguments.count == 2 else { fail("usage: seccomp-generator FILE", status: 2) }
let unknown = SeccompFilter.hook.unknownNames
guard unknown.isEmpty else {
    fail("libseccomp of this machine knows no system call \(unknown.joined(separator: ", "))")
}
do throws(Errno) {
    let source = try InstructionSource(of: SeccompFilter.hook)
    let file = try FileDescriptor.open(CommandLine.arguments[1], .writing, options: .create, permissions: 0o644)
    try file.truncate(to: 0)
    try file.write(source.text)
} catch {
    fail("cannot write the program of the hook's policy to \(CommandLine.arguments[1]): \(error)")
}

/// Ends the build with one line that says why.
func fail(_ reason: String, status: Int32 = 1) -> Never {
    try? StandardError.write("seccomp-generator: \(reason)\n")
    CurrentProcess.exit(status)
}
