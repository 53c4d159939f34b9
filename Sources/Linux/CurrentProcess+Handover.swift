// SPDX-License-Identifier: Apache-2.0

import Glibc

extension CurrentProcess {
    /// Becomes another program with the arguments of this one, byte for byte, and its environment.
    ///
    /// ``CommandLine`` shows arguments that are no UTF-8 with replacements, so that they cannot be handed on from
    /// there.
    ///
    /// - Parameter path: The path of the program, which is also the name by which it is called.
    /// - Returns: Only when it failed: ``Errno/noSuchFileOrDirectory`` if there is no such program, else why it could
    ///   not be started.
    ///
    /// The corresponding C function is `execv`.
    package static func handOver(to path: String) -> Errno {
        do throws(Errno) {
            let name = try CStrings([path])
            let arguments = unsafe CommandLine.unsafeArgv
            let given = unsafe arguments[0]
            unsafe arguments[0] = name.addresses[0]
            // Our own name comes back when the program could not be started.
            defer { unsafe arguments[0] = given }
            _ = try call { unsafe libc(execv(path, arguments)) }
            return .invalidArgument
        } catch {
            return error
        }
    }
}
