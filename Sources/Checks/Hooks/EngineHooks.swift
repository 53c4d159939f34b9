// SPDX-License-Identifier: Apache-2.0

import Engines
import JSON
import MachineKit
import Reports
import ShieldKit

/// Where Podman and CRI-O of a machine look for hooks, and what is there.
struct EngineHooks: Sendable {
    /// What one engine has.
    struct Place: Sendable {
        let engine: HookedEngine
        let directories: [String]
        /// The file that names the directories; nil for the default.
        let source: String?
        /// Whether the engine is installed, or runs.
        let isPresent: Bool
        /// The paths of the files that it reads; a later directory masks a name of those before.
        let paths: [String]
    }

    let places: [Place]
    /// Every file that some engine reads, in the order of their names.
    let entries: [HookEntry]
    /// Files where hooks usually are, which no engine reads.
    let unread: [HookEntry]
    /// What cannot be read of the engines' configurations.
    let remarks: [RuleResult]

    init(_ files: HostFiles, _ daemons: Daemons) {
        var remarks: [RuleResult] = []
        var names: [String: [String]] = [:]
        let list = { (directory: String) -> [String] in
            files.names(in: directory).filter { $0.hasSuffix(".json") }
        }
        for directory in [HookFile.directory, Self.other] { names[directory] = list(directory) }
        places = HookedEngine.allCases.map { engine in
            let found = Self.directories(of: engine, files, &remarks)
            for directory in found.directories where names[directory] == nil { names[directory] = list(directory) }
            var paths: [String: String] = [:]
            for directory in found.directories {
                for name in names[directory] ?? [] { paths[name] = directory + "/" + name }
            }
            return Place(
                engine: engine, directories: found.directories, source: found.source,
                isPresent: engine.isPresent(files, daemons), paths: paths.sorted { $0.key < $1.key }.map(\.value))
        }
        let read = Set(places.flatMap(\.paths))
        entries = read.sorted().compactMap { HookEntry($0, files) }
        let masked = Set(read.map { $0.split(separator: "/").last ?? "" })
        unread = (names[Self.other] ?? []).filter { !masked.contains(Substring($0)) }
            .compactMap { HookEntry(Self.other + "/" + $0, files) }
        self.remarks = remarks
    }

    /// The directory that pages name, and no engine reads unless it is told to.
    static let other = "/etc/containers/oci/hooks.d"

    private static func directories(
        of engine: HookedEngine, _ files: HostFiles, _ remarks: inout [RuleResult]
    ) -> HooksDirectories {
        var directories = HooksDirectories()
        for path in engine.configurations(among: files.names(in: engine.moreConfigurations)) {
            if let text = files.text(of: path, complaining: &remarks) { directories.read(text, from: path) }
        }
        return directories
    }

    /// Whether an engine is here that reads such a file.
    func isRead(_ entry: HookEntry) -> Bool { places.contains { $0.isPresent && $0.paths.contains(entry.path) } }

    /// The files that run rtshield's hook.
    var ours: [HookEntry] { entries.filter(\.isOurs) }
}

extension HookedEngine {
    /// Whether it is installed, or runs.
    fileprivate func isPresent(_ files: HostFiles, _ daemons: Daemons) -> Bool {
        let name = self == .crio ? "crio" : "podman"
        return daemons.runs(name) || ["/usr/bin/", "/usr/local/bin/"].contains { files.exists($0 + name) }
    }
}

/// One file of a directory of hooks, in the form of oci-hooks(5).
struct HookEntry: Sendable {
    let path: String
    /// Nil when it cannot be read, or is no JSON.
    let document: Node?
    /// Why not, with its place; nil when it can.
    let fault: String?

    /// Nil when it is gone.
    init?(_ path: String, _ files: HostFiles) {
        self.path = path
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try files.bytes(of: path)
        } catch {
            guard !error.isAbsence else { return nil }
            document = nil
            fault = "\(path) cannot be read: \(HostFiles.reason(error))"
            return
        }
        do throws(JSONError) {
            document = try Node(parsing: bytes, limit: HostFiles.largest)
            fault = nil
        } catch {
            document = nil
            fault = "\(path):\(error)"
        }
    }

    /// The program that it runs; nil when it names none.
    var program: String? { document?["hook"]?["path"]?.text }

    /// Whether it runs rtshield's hook.
    var isOurs: Bool { program.map { Programs.isPath($0, to: Programs.hookName) } ?? false }

    /// When it runs.
    var stages: [String] { document?["stages"]?.texts ?? [] }

    /// How many seconds the engine waits for it; nil when for ever.
    var timeout: Int? { document?["hook"]?["timeout"]?.number }
}
