// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Linux
import MachineKit

/// Finds the bundle of a container by its id, where the runtimes and engines of Debian keep them.
package struct ContainerSearch: Hashable, Sendable {
    /// A bundle that was found.
    package struct Place: Hashable, Sendable {
        /// The container.
        package var id: ContainerID
        /// The directory that holds its configuration.
        package var bundle: String
    }

    /// The directory that stands for `/`, without a slash at its end.
    private let root: String

    /// Searches below a directory, `/` for this machine.
    package init(root: String = "/") {
        self.root = root == "/" ? "" : root
    }

    /// Finds the container whose id is `name`, or the only one whose id begins so.
    ///
    /// - Throws: ``ContainerError`` if there is none, or more than one.
    package func place(of name: String) throws(ContainerError) -> Place {
        guard let wanted = ContainerID(name) else { throw .unknown(name) }
        let found = bundles(beginning: wanted.text)
        if let bundle = found[wanted] { return Place(id: wanted, bundle: bundle) }
        guard let (id, bundle) = found.first else { throw .unknown(name) }
        guard found.count == 1 else { throw .ambiguous(name, found.keys.map(\.text).sorted().prefix(4).map { $0 }) }
        return Place(id: id, bundle: bundle)
    }

    /// Every container, in the order of their ids; some may have ended.
    package func all() -> [Place] {
        bundles(beginning: "").map { Place(id: $0.key, bundle: $0.value) }.sorted { $0.id.text < $1.id.text }
    }

    /// The bundles of those whose ids begin like this; the first place that has one counts.
    private func bundles(beginning name: String) -> [ContainerID: String] {
        var found: [ContainerID: String] = [:]
        for pattern in Self.patterns {
            for (id, directory) in places(pattern, beginning: name) where found[id] == nil {
                if let bundle = configured(directory, id) { found[id] = bundle }
            }
        }
        return found
    }

    /// Where containers are: directories, in which `*` stands for all names of one, and `#` for the id of the container.
    private static let patterns = [
        // containerd, and Docker, whose namespace is `moby`.
        "run/containerd/io.containerd.runtime.v2.task/*/#",
        "run/docker/containerd/daemon/io.containerd.runtime.v2.task/*/#",
        "run/containerd/io.containerd.runtime.v1.linux/*/#",
        // Podman and CRI-O, with any storage driver.
        "run/containers/storage/*/#/userdata",
        "var/lib/containers/storage/*/#/userdata",
        // crun copies the configuration; runc only writes where it is.
        "run/crun/#",
        "run/runc/#",
    ]
}

// MARK: - Directories

extension ContainerSearch {
    /// The directories of a pattern, with the id in each.
    private func places(_ pattern: String, beginning name: String) -> [(id: ContainerID, directory: String)] {
        var places: [(id: ContainerID?, directory: String)] = [(nil, root)]
        for part in pattern.split(separator: "/") {
            places = places.flatMap { place -> [(id: ContainerID?, directory: String)] in
                switch part {
                case "*": return names(in: place.directory).map { (place.id, "\(place.directory)/\($0)") }
                case "#":
                    return names(in: place.directory).compactMap { candidate in
                        guard candidate.hasPrefix(name), let id = ContainerID(candidate) else { return nil }
                        return (id, "\(place.directory)/\(candidate)")
                    }
                default: return [(place.id, "\(place.directory)/\(part)")]
                }
            }
        }
        return places.compactMap { place in place.id.map { ($0, place.directory) } }
    }

    /// The directories in a directory; none when it cannot be listed.
    private func names(in path: String) -> [String] {
        guard let directory = try? FileDescriptor.openDirectory(path), let entries = try? directory.entries() else {
            return []
        }
        return entries.filter { $0.kind == .directory }.map(\.name)
    }

    /// The directory that has the configuration: the place itself, or the bundle that runc noted there.
    private func configured(_ directory: String, _ id: ContainerID) -> String? {
        guard let place = try? FileDescriptor.openDirectory(directory), let entries = try? place.entries() else {
            return nil
        }
        if entries.contains(where: { $0.name == ContainerFiles.configurationName }) { return directory }
        guard
            let state = try? place.open(beneath: "state.json", for: .reading, resolving: .noSymbolicLinks),
            let bytes = try? state.readAll(limit: Spec.largest)
        else { return nil }
        return RuncState.bundle(in: bytes).map { root + $0 }
    }
}

/// What runc notes of a container in its own `state.json`, of which only the bundle is of use here.
private enum RuncState {
    /// The directory of the bundle, which runc keeps as a label; nil when the text does not tell.
    static func bundle(in text: [UInt8]) -> String? {
        guard let document = try? Document("state.json", text, limit: Spec.largest),
            let labels = try? Fields(document).object("config")?.strings("labels")
        else { return nil }
        let prefix = "bundle="
        let label = labels.first { $0.hasPrefix(prefix) }
        return label.map { String($0.dropFirst(prefix.count)) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
