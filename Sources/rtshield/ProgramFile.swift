// SPDX-License-Identifier: Apache-2.0

import Linux

/// Finds the program that `run` is to start, so that a missing one is told apart from one that cannot be invoked.
enum ProgramFile {
    /// The path of a program, searched along `PATH` when its name holds no slash, as execvp(3) does.
    static func find(_ name: String) throws(Failure) -> String {
        let candidates = name.contains("/") ? [name] : searchPath.map { $0 + "/" + name }
        var found: String?
        for path in candidates {
            guard let descriptor = try? FileDescriptor.open(path, .reading), let status = try? descriptor.status()
            else {
                continue
            }
            guard status.kind == .file else {
                found = found ?? path
                continue
            }
            if status.permissions & 0o111 != 0 { return path }
            found = found ?? path
        }
        if let found {
            throw Failure("run: cannot start '\(found)': \(Errno.permissionDenied)", status: Exit.cannotInvoke)
        }
        throw Failure("run: program '\(name)' not found", try: "give its path, or see PATH", status: Exit.notFound)
    }

    private static var searchPath: [String] {
        let path = CurrentProcess.environmentVariable("PATH") ?? "/usr/bin:/bin"
        return path.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : String($0) }
    }
}
