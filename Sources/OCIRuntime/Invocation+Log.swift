// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Linux

extension Invocation.Log {
    /// Adds a line about a failure, as runc and crun write it: containerd and Docker show the last error that is there,
    /// conmon all of them.
    ///
    /// Whoever cannot be told this way is told by the standard error, too.
    func append(_ message: String) {
        guard let file, let descriptor = try? open(file) else { return }
        try? descriptor.write(line(message))
    }

    private func open(_ file: String) throws(Errno) -> FileDescriptor {
        // A pipe that nobody reads would keep us waiting.
        try .open(file, .writing, options: [.create, .append, .nonBlocking], permissions: 0o644)
    }

    /// crun may have another kind of log in place of the path.
    private var file: String? {
        if path.isEmpty || path.hasPrefix("journald:") || path.hasPrefix("syslog:") { return nil }
        return path.hasPrefix("file:") ? String(path.dropFirst("file:".count)) : path
    }

    private func line(_ message: String) -> String {
        let time = WallClock.text
        let message = Value.string("rtshield-runtime: " + message)
        if isJSON {
            let fields: Value = ["level": "error", "msg": message, "time": .string(time)]
            return fields.text + "\n"
        }
        return "time=\"\(time)\" level=error msg=\(message.text)\n"
    }
}
