// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

extension ChildProcess {
    /// Starts a program, from the first directory of the search path that has it, and returns its number.
    ///
    /// The corresponding C function is `posix_spawn`: it does not copy the address space, as `fork` would.
    static func spawn(
        _ arguments: [String], _ environment: [String], output: Int32, errors: Int32
    ) throws(Errno) -> Int32 {
        guard let program = arguments.first, !program.isEmpty else { throw .noSuchFileOrDirectory }
        let candidates = program.contains("/") ? [program] : searchPath.map { $0 + "/" + program }
        let arguments = try CStrings(arguments)
        let environment = try CStrings(environment)
        var refusal = Errno.noSuchFileOrDirectory
        for path in candidates {
            do throws(Errno) {
                return try start(path, arguments, environment, output: output, errors: errors)
            } catch .noSuchFileOrDirectory, .notDirectory {
                continue
            } catch .permissionDenied {
                refusal = .permissionDenied
            }
        }
        throw refusal
    }

    private static func start(
        _ path: String, _ arguments: borrowing CStrings, _ environment: borrowing CStrings, output: Int32, errors: Int32
    ) throws(Errno) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        _ = try call { unsafe -posix_spawn_file_actions_init(&actions) }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        _ = try call { unsafe -posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) }
        _ = try call { unsafe -posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        _ = try call { unsafe -posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }

        var attributes = posix_spawnattr_t()
        _ = try call { unsafe -posix_spawnattr_init(&attributes) }
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        try resetSignals(&attributes)

        var child: Int32 = 0
        _ = try call {
            unsafe -posix_spawn(&child, path, &actions, &attributes, arguments.addresses, environment.addresses)
        }
        return child
    }

    /// Has the program start with no signal blocked or ignored, whatever this process does with them.
    private static func resetSignals(_ attributes: inout posix_spawnattr_t) throws(Errno) {
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        _ = try call { unsafe -posix_spawnattr_setsigmask(&attributes, &none) }
        _ = try call { unsafe -posix_spawnattr_setsigdefault(&attributes, &all) }
        let flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        _ = try call { unsafe -posix_spawnattr_setflags(&attributes, flags) }
    }

    /// Waits until a child has ended.
    ///
    /// The corresponding C function is `waitpid`.
    static func wait(for child: Int32) throws(Errno) -> Ending {
        var status: Int32 = -1
        var signal: Int32 = 0
        _ = try call { unsafe clinux_wait(child, &status, &signal) }
        return signal == 0 ? .exited(status: status) : .killed(signal: signal)
    }
}
