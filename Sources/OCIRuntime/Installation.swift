// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Containers
package import Linux

/// Where things are on this machine.
package struct Installation: Hashable, Sendable {
    /// The path of this program; nil when it was removed or replaced after it started.
    package var program: String?
    /// The administrator's configuration.
    package var configuration: String
    /// Where runtimes are looked for, of which the administrator names none.
    package var searchPath: [String]
    /// Where the administrator reads what went wrong.
    package var log: SystemLog

    /// Describes the machine.
    package init(
        program: String?, configuration: String = Configuration.path,
        searchPath: [String] = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"],
        log: SystemLog = SystemLog(identifier: "rtshield-runtime")
    ) {
        self.program = program
        self.configuration = configuration
        self.searchPath = searchPath
        self.log = log
    }

    /// The machine that this program runs on.
    package static var current: Installation { Installation(program: try? CurrentProcess.programPath()) }
}

// MARK: - Programs

extension Installation {
    private static let names = ["runc", "crun"]

    /// Finds the real runtime.
    ///
    /// - Parameter named: The path that the administrator gave, if so.
    /// - Returns: Its path.
    /// - Throws: ``RuntimeError`` if there is none, or if it is this very program.
    func runtime(named: String?) throws(RuntimeError) -> String {
        if let named {
            guard !isSelf(named) else {
                throw RuntimeError(
                    "\(named) is rtshield-runtime itself: name the real runtime as 'runtime', below 'containers', in "
                        + configuration)
            }
            // Whether it can be started, the kernel says.
            return named
        }
        for name in Self.names {
            for directory in searchPath {
                let path = "\(directory)/\(name)"
                if Self.isProgram(path), !isSelf(path) { return path }
            }
        }
        throw RuntimeError(
            "there is no runtime: neither runc nor crun is in \(searchPath.joined(separator: ", ")); install one, or name it "
                + "as 'runtime', below 'containers', in \(configuration)")
    }

    /// The hook that belongs to this program.
    ///
    /// - Throws: ``RuntimeError`` if there is none: a runtime starts no container with a hook that is missing.
    func hook() throws(RuntimeError) -> String {
        guard let program, let slash = program.lastIndex(of: "/") else {
            throw RuntimeError("rtshield-runtime was replaced while it ran: try again")
        }
        let path = program[...slash] + HookRegistration.program
        guard Self.isProgram(String(path)) else {
            throw RuntimeError("\(path) is missing or not executable: install rtshield as a whole")
        }
        return String(path)
    }

    private func isSelf(_ path: String) -> Bool {
        guard let program, let own = Self.status(program), let other = Self.status(path) else { return false }
        return (own.device, own.inode) == (other.device, other.inode)
    }

    private static func isProgram(_ path: String) -> Bool {
        guard let status = status(path) else { return false }
        return status.kind == .file && status.permissions & 0o111 != 0
    }

    private static func status(_ path: String) -> FileStatus? {
        // A pipe in its place would keep us waiting.
        try? FileDescriptor.open(path, .reading, options: .nonBlocking).status()
    }
}

/// What the administrator wants, as far as it can be understood: a mistake in a file keeps no container from starting.
struct RuntimeSettings {
    private(set) var containers = ContainersConfiguration()
    /// What was wrong, one line each.
    private(set) var warnings: [String] = []
    private let bytes: [UInt8]
    private let path: String

    /// Reads how containers are started.
    init(_ path: String) {
        self.path = path
        do throws(Errno) {
            bytes = try FileDescriptor.open(path, .reading, options: .nonBlocking).readAll(limit: 1 << 20)
        } catch {
            bytes = []
            if error != .noSuchFileOrDirectory { warnings.append("cannot read \(path): \(error)") }
            return
        }
        do throws(ConfigurationError) {
            containers = try ContainersConfiguration(reading: bytes)
        } catch {
            warnings.append("\(path) is not a valid configuration, and taken as if it said nothing: \(error)")
        }
    }

    /// How much real-time scheduling containers may have.
    ///
    /// - Throws: ``RuntimeError`` when the configuration is not valid as a whole, so that it cannot be told.
    func realtime() throws(RuntimeError) -> RealtimeLimits {
        do throws(ConfigurationError) {
            return try Configuration(reading: bytes).realtime
        } catch {
            throw RuntimeError("\(path) is not a valid configuration: \(error)")
        }
    }
}
