// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The process that runs this code.
package enum CurrentProcess {
    /// Its number, as seen in its own process namespace.
    ///
    /// The corresponding C function is `getpid`.
    package static var id: Int32 { getpid() }

    /// The number of the process that started it, or of the one that adopted it.
    ///
    /// The corresponding C function is `getppid`.
    package static var parentID: Int32 { getppid() }

    /// The user whose rights it has, by number; 0 is root.
    ///
    /// The corresponding C function is `geteuid`.
    package static var effectiveUserID: UInt32 { geteuid() }

    /// The value of an environment variable, or nil when it is not set.
    ///
    /// For programs: a library takes what it needs as a parameter.
    ///
    /// The corresponding C function is `getenv`.
    package static func environmentVariable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// The path of the program that it runs, without symbolic links.
    ///
    /// Ends in ` (deleted)` when the file is no longer there.
    ///
    /// The corresponding C function is `readlink` of `/proc/self/exe`.
    package static func programPath() throws(Errno) -> String {
        var characters = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = try call { unsafe libc(readlink("/proc/self/exe", &characters, characters.count)) }
        return String(decoding: characters.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Ends the process with this status.
    ///
    /// The corresponding C function is `exit`.
    package static func exit(_ status: Int32) -> Never {
        Glibc.exit(status)
    }

    /// Lets time pass.
    ///
    /// The corresponding C function is `clock_nanosleep`.
    package static func pause(for duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var rest = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        var unslept = timespec()
        while unsafe clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &unslept) == EINTR { rest = unslept }
    }

    /// Becomes another program, which keeps the process number, the CPUs, the control group and the environment.
    ///
    /// The program is looked for along the user's `PATH`, as `env(1)` does it.
    ///
    /// - Parameter arguments: The program and its arguments.
    /// - Returns: Only when it failed: ``Errno/noSuchFileOrDirectory`` if there is no such program, else why it could
    ///   not be started.
    ///
    /// The corresponding C function is `execvp`.
    package static func replace(with arguments: [String]) -> Errno {
        guard let program = arguments.first, !program.isEmpty else { return .noSuchFileOrDirectory }
        do throws(Errno) {
            let strings = try CStrings(arguments)
            _ = try call { unsafe libc(execvp(program, strings.addresses)) }
            return .invalidArgument
        } catch {
            return error
        }
    }
}

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

    /// Takes from this process, and from all that it starts or becomes, every way to gain rights by starting a program.
    ///
    /// The corresponding C function is `prctl` with `PR_SET_NO_NEW_PRIVS`.
    package static func forbidNewPrivileges() throws(Errno) {
        _ = try call { clinux_forbid_new_privileges() }
    }

    /// Has this process leave no memory image when it dies, and lets no process of the same user look into it.
    ///
    /// Also gives its files below `/proc` to root.
    ///
    /// The corresponding C function is `prctl` with `PR_SET_DUMPABLE`.
    package static func forbidDumps() throws(Errno) {
        _ = try call { clinux_forbid_dumps() }
    }

    /// Sends a signal to one process.
    ///
    /// - Parameters:
    ///   - process: Its number.
    ///   - signal: The signal.
    /// - Throws: ``Errno/invalidArgument`` for a number below 1, which would mean many processes at once,
    ///   ``Errno/noSuchProcess`` if it has ended, ``Errno/notPermitted`` if it belongs to somebody else.
    ///
    /// The corresponding C function is `kill`.
    package static func signal(_ process: Int32, _ signal: Signal) throws(Errno) {
        guard process > 0 else { throw .invalidArgument }
        _ = try call { libc(kill(process, signal.rawValue)) }
    }
}
