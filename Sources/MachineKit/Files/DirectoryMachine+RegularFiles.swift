// SPDX-License-Identifier: Apache-2.0

import Linux

/// The few files that are no pseudo-files: the journal, the lock and unit files below `/run`.
extension DirectoryMachine {
    package func replaceFile(_ file: KernelFile, with text: String) throws(FileError) {
        try attempt(.replace, file) { () throws(Errno) in
            try refuseRecording()
            try makeDirectories(above: file)
            let parts = file.path.split(separator: "/").map(String.init)
            let top = try tree(file.tree)
            let directory =
                parts.count > 1 ? try top.open(beneath: parts.dropLast().joined(separator: "/"), for: .directory) : top
            // All of it is below /run, which does not outlive the power: only that the file is whole counts.
            try directory.replaceFile(
                parts.last ?? "", with: text, permissions: file.tree == .state ? 0o600 : 0o644, isDurable: false)
        }
    }

    package func append(_ line: String, to file: KernelFile) throws(FileError) {
        try attempt(.write, file) { () throws(Errno) in
            try refuseRecording()
            let descriptor = try FileDescriptor.open(path(of: file), .writing, options: [.append, .noFollow])
            try descriptor.write(line)
            try descriptor.synchronizeContents()
        }
    }

    package func removeFile(_ file: KernelFile) throws(FileError) {
        try attempt(.remove, file) { () throws(Errno) in
            try refuseRecording()
            // A program that was killed while it replaced the file left this, or the directory alone.
            try? tree(file.tree).removeFile(Self.temporary(for: file.path))
            defer { removeEmptyDirectory(above: file) }
            try tree(file.tree).removeFile(file.path)
        }
    }

    /// Removes a directory of drop-ins; one that others use is not empty, and stays.
    private func removeEmptyDirectory(above file: KernelFile) {
        let parts = file.path.split(separator: "/")
        guard parts.count > 1 else { return }
        try? tree(file.tree).removeDirectory(parts.dropLast().joined(separator: "/"))
    }

    package func lock(onWait: () -> Void) throws(FileError) -> StateLock {
        let file = KernelFile(.state, "lock")
        do throws(Errno) {
            try refuseRecording()
            try makeDirectories(above: file)
            let descriptor = try FileDescriptor.open(
                path(of: file), .readingAndWriting, options: .ours, permissions: 0o600)
            if try !descriptor.lock(exclusive: true, wait: false) {
                onWait()
                _ = try descriptor.lock(exclusive: true, wait: true)
            }
            return StateLock(descriptor)
        } catch {
            throw FileError(.open, path(of: file), error)
        }
    }

    private func makeDirectories(above file: KernelFile) throws(Errno) {
        let directory = path(of: KernelFile(file.tree, ""))
        do throws(Errno) {
            try FileDescriptor.openDirectory("/run").makeDirectory(
                String(directory.dropFirst("/run/".count)), permissions: 0o755)
        } catch  where error == .fileExists {}
        let parts = file.path.split(separator: "/").dropLast()
        guard !parts.isEmpty else { return }
        do throws(Errno) {
            try tree(file.tree).makeDirectory(parts.joined(separator: "/"), permissions: 0o755)
        } catch  where error == .fileExists {}
    }

    /// Where a file is written before it takes its place; the dot keeps systemd from reading a half-written drop-in.
    private static func temporary(for path: String) -> String {
        var parts = path.split(separator: "/").map(String.init)
        parts.append(".new-" + (parts.popLast() ?? ""))
        return parts.joined(separator: "/")
    }
}
