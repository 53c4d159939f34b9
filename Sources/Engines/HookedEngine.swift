// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Text

/// An engine that runs what is in directories of hooks.
package enum HookedEngine: Hashable, Sendable, CaseIterable {
    case podman, crio
}

extension HookedEngine {
    /// How a person calls it.
    package var name: String {
        switch self {
        case .podman: "Podman"
        case .crio: "CRI-O"
        }
    }

    /// The directory whose `.conf` files override the others, in the order of their names.
    package var moreConfigurations: String {
        switch self {
        case .podman: "/etc/containers/containers.conf.d"
        case .crio: "/etc/crio/crio.conf.d"
        }
    }

    /// The files that configure it, each overriding those before.
    ///
    /// - Parameter names: The names that the directory of ``moreConfigurations`` holds, in their order.
    /// - Returns: Their paths, whether they are there or not.
    package func configurations(among names: [String]) -> [String] {
        first + names.filter { $0.hasSuffix(".conf") }.map { moreConfigurations + "/" + $0 }
    }

    /// The files that are read before those of the directory.
    private var first: [String] {
        switch self {
        case .podman: ["/usr/share/containers/containers.conf", "/etc/containers/containers.conf"]
        case .crio: ["/etc/crio/crio.conf"]
        }
    }
}

/// Where an engine looks for hooks, as its configuration says; each file's word replaces that of the files before.
package struct HooksDirectories: Sendable {
    /// The directories; the engine's default where no file names any.
    package private(set) var directories = [HookFile.directory]
    /// The file that named them.
    package private(set) var source: String?
    /// Whether a list goes on where that of another file ended.
    private var isAppended = false

    /// Knows of the default alone.
    package init() {}

    /// Takes the word of one more file.
    package mutating func read(_ text: String, from path: String) {
        guard let value = TOMLOutline(text).assignments.last(where: { $0.path.last == "hooks_dir" })?.value else {
            return
        }
        let named = TOMLText.strings(in: value)
        // From Podman 5 on a list may end in `{append=true}`, which then holds for later files too, until one says false,
        // containers.conf(5).
        let squeezed = value.filter { !$0.isWhitespace }
        if squeezed.contains("append=true") { isAppended = true }
        if squeezed.contains("append=false") { isAppended = false }
        directories = isAppended ? directories + named : named
        source = path
    }

    /// Refuses a list without the directory that rtshield writes to.
    ///
    /// Podman takes an empty list for none (`setupOCIHooks`, libpod/container_internal_common.go), CRI-O for what it says.
    func check(for engine: String, emptyMeansDefault: Bool) throws(Problem) {
        if directories.isEmpty, emptyMeansDefault { return }
        let isListed = directories.contains { $0 == HookFile.directory || $0 == HookFile.directory + "/" }
        guard let source, !isListed else { return }
        let others = directories.isEmpty ? "no directory" : "only " + directories.joined(separator: ", ")
        throw Problem(
            "\(engine) does not read \(HookFile.directory)", why: "hooks_dir in \(source) names \(others)",
            fix: "add \(HookFile.directory) to hooks_dir, and try again")
    }
}
