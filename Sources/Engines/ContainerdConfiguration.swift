// SPDX-License-Identifier: Apache-2.0

internal import Linux
import MachineKit

/// All that containerd is told: its main file and those that it imports, in the order in which they are read.
///
/// What each version makes of several files was seen in `containerd config dump` of 1.7.24 and 2.1.9. 1.x lets an imported file
/// replace all that was said of a plugin before. 2.x merges, and has the highest version of all files count for all of them: a
/// file of an older version is not migrated then, and what it says of plugins by their old names is passed over.
package struct ContainerdConfiguration: Sendable {
    /// One of the files.
    package struct Part: Sendable {
        /// Where it is.
        package let path: String
        /// What its lines tell.
        package let outline: TOMLOutline

        /// The version of its words; a file without one is of version 1.
        package var version: Int { outline["version"].flatMap { Int($0) } ?? 1 }
    }

    /// The CRI plugin until version 2 of the file.
    package static let oldPlugin = "io.containerd.grpc.v1.cri"
    /// The part of it that knows of runtimes, from version 3 on, with containerd 2.0.
    package static let plugin = "io.containerd.cri.v1.runtime"

    /// The files; none where there is no main file, since containerd follows no imports of its defaults.
    package let parts: [Part]

    /// Reads the files, each once.
    ///
    /// - Parameters:
    ///   - main: The path of the main file.
    ///   - text: What a file holds; nil where there is none.
    ///   - names: The names in a directory, in the order of the alphabet.
    /// - Throws: What reading throws.
    package init<Failure>(
        _ main: String, text: (String) throws(Failure) -> String?, names: (String) throws(Failure) -> [String]
    ) throws(Failure) {
        var (parts, pending, seen) = ([Part](), [main], Set<String>())
        while let path = pending.first {
            pending.removeFirst()
            guard seen.insert(path).inserted, let text = try text(path) else { continue }
            let part = Part(path: path, outline: TOMLOutline(text))
            parts.append(part)
            for item in part.outline.strings(of: "imports") {
                pending += try Self.paths(item, from: path, names)
            }
        }
        self.parts = parts
    }

    /// The files of an item of `imports`: relative to the file that has it, its last part perhaps a pattern (`resolveImports`,
    /// cmd/containerd/server/config/config.go).
    private static func paths<Failure>(
        _ item: String, from file: String, _ names: (String) throws(Failure) -> [String]
    ) throws(Failure) -> [String] {
        func parent(_ path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
        let relative = item.hasPrefix("./") ? String(item.dropFirst(2)) : item
        let path = item.hasPrefix("/") ? item : parent(file) + "/" + relative
        let directory = parent(path)
        let name = String(path.dropFirst(directory.count + 1))
        guard name.contains("*") else { return [path] }
        return try names(directory).filter(NamePattern(name).matches).map { directory + "/" + $0 }
    }
}

// MARK: - What counts

extension ContainerdConfiguration {
    /// An imported file of version 3 or later beside an older main file, whose words for the CRI plugin do not count then.
    package var newer: Part? {
        guard let main = parts.first, main.version < 3 else { return nil }
        return parts.dropFirst().first { $0.version >= 3 }
    }

    /// Whether what stands at a path of some file is read at all.
    package func counts(_ path: [String]) -> Bool {
        guard path.first == "plugins", path.dropFirst().first.map([Self.oldPlugin, "cri"].contains) == true else {
            return true
        }
        return !parts.contains { $0.version >= 3 }
    }

    /// The keys of all files that count, with the file of each, in the order in which they are read.
    package var assignments: [(path: String, assignment: TOMLOutline.Assignment)] {
        parts.flatMap { part in
            part.outline.assignments.filter { counts($0.path) }.map { (part.path, $0) }
        }
    }

    /// The plugins that are off.
    package var disabled: [String] { parts.flatMap { $0.outline.strings(of: "disabled_plugins") } }
}

extension TOMLOutline {
    /// The texts in a list of the main table; none where it is not there.
    fileprivate func strings(of key: String) -> [String] { self[key].map(TOMLText.strings) ?? [] }
}
