// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Linux

/// What a command line asks of an OCI runtime, as far as it matters here: whether it starts a container, and of which
/// configuration.
///
/// The command line is that of runc 1.1 to 1.5 and of crun. What is not understood here is the real runtime's business.
package struct RuntimeInvocation: Hashable, Sendable {
    /// Where the configuration of a container is, relative to the working directory.
    package struct Place: Hashable, Sendable {
        /// The directory.
        package var directory: String
        /// The name of the file in it.
        package var name: String

        /// Directory and name.
        package var path: String { directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)" }
    }

    /// The file in which whoever calls looks for the reason of a failure.
    package struct Log: Hashable, Sendable {
        /// Where it is.
        package var path: String
        /// Whether its lines are JSON.
        package var isJSON = false
    }

    /// The configuration of the container that is to be started; nil when none is.
    package private(set) var configuration: Place?
    /// Where failures are to be told, beside the standard error; nil when nowhere.
    package private(set) var log: Log?
    /// An option before the command that nobody here knows, so that the command was not looked for.
    package private(set) var unknownOption: String?

    /// Reads a command line.
    ///
    /// - Parameter words: The arguments, without the name of the program.
    package init(_ words: [String]) {
        var words = RuntimeArguments(words)
        while let option = words.option(knowing: RuntimeArguments.global) {
            switch option.name {
            case "log": log = Log(path: option.value, isJSON: log?.isJSON ?? false)
            case "log-format": isJSON = option.value == "json"
            case "help", "h", "version", "v", "V": return
            default:
                if option.isUnknown {
                    unknownOption = option.name
                    return
                }
            }
        }
        guard let command = words.command(), ["create", "run", "restore"].contains(command) else { return }
        configuration = Self.place(&words)
    }

    private var isJSON: Bool {
        get { log?.isJSON ?? false }
        set { log = Log(path: log?.path ?? "", isJSON: newValue) }
    }

    /// Reads the options of a command that starts a container; runc takes them behind the container's name too.
    private static func place(_ words: inout RuntimeArguments) -> Place {
        var bundle = "."
        var file = ""
        while !words.isAtEnd {
            guard let option = words.option(knowing: RuntimeArguments.starting) else {
                _ = words.next()
                continue
            }
            switch option.name {
            case "bundle", "b": bundle = option.value.isEmpty ? "." : option.value
            case "config", "f": file = option.value
            default: break
            }
        }
        return place(of: file, bundle)
    }

    /// Finds the file; runc looks for one that is named by a relative path in the bundle, and crun in the working
    /// directory, so that the one in the bundle is meant or none.
    private static func place(of file: String, _ bundle: String) -> Place {
        guard let slash = file.lastIndex(of: "/") else {
            return Place(directory: bundle, name: file.isEmpty ? "config.json" : file)
        }
        let directory = file[..<slash]
        let name = String(file[file.index(after: slash)...])
        if file.hasPrefix("/") { return Place(directory: directory.isEmpty ? "/" : String(directory), name: name) }
        return Place(directory: "\(bundle)/\(directory)", name: name)
    }
}

extension RuntimeInvocation.Log {
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
