// SPDX-License-Identifier: Apache-2.0

import Containers
import JSON
import Text

/// The file that has Podman and CRI-O run the hook, in the form of oci-hooks(5), version 1.0.0.
package enum HookFile {
    /// The one directory that both read without being told to.
    ///
    /// `/etc/containers/oci/hooks.d` is in neither's defaults: containers/common has had but this one directory from its
    /// first release on (`DefaultHooksDirs`, pkg/config/default.go), and CRI-O since 1.16
    /// (<https://github.com/cri-o/cri-o/pull/3011>).
    package static let directory = "/usr/share/containers/oci/hooks.d"
    /// The name, which says when the hook runs among others.
    package static let name = "50-rtshield.json"
    /// The whole path.
    package static let path = directory + "/" + name

    /// The line that has the hook run at both ends of a container.
    package static let stagesLine =
        "\"stages\": [" + HookRegistration.stages.map { "\"\($0)\"" }.joined(separator: ", ") + "]"

    /// What the file holds.
    ///
    /// It is for every container: those that may not be on the shield ask for nothing, so no annotation tells them. The
    /// time is above the hook's own deadline, and keeps a container from waiting for ever.
    package static func text(for programs: Programs) -> String {
        """
        {
            "version": "1.0.0",
            "hook": {
                "path": "\(programs.hook)",
                "args": ["\(HookRegistration.program)"],
                "timeout": \(HookRegistration.timeout)
            },
            "when": {
                "always": true
            },
            \(stagesLine)
        }

        """
    }

    /// Refuses a file of that name that somebody else made: what it runs is not our hook.
    static func check(_ text: String) throws(Problem) {
        let node = try? Node(parsing: Array(text.utf8), limit: 1 << 20)
        if case .string(let path)? = node?["hook"]?["path"]?.content, Programs.isPath(path, to: Programs.hookName) {
            return
        }
        throw Problem(
            "\(path) exists and does not run \(Programs.hookName)", why: "so rtshield did not write it",
            fix: "give it another name, or remove it")
    }
}

/// How Podman and CRI-O, which both run what is in hooks.d, are told of rtshield: with one file that both read.
struct HookSetup: EngineSetup {
    let files: EngineFiles
    let engine: HookedEngine

    func installing(_ programs: Programs) throws(Problem) -> Setup {
        try directories().check(for: engine.name, emptyMeansDefault: engine == .podman)
        let old = try files.text(of: HookFile.path)
        if let old { try HookFile.check(old) }
        var setup = Setup()
        if let change = FileChange(HookFile.path, from: old, to: HookFile.text(for: programs)) {
            setup.changes = [change]
        }
        setup.remarks = engine.remarks
        // CRI-O watches the directories that were there when it started (hooks.Monitor, containers/common).
        if engine == .crio, !files.hasDirectory(HookFile.directory) { setup.command = "systemctl restart crio" }
        return setup
    }

    func removing() throws(Problem) -> Setup {
        guard let old = try files.text(of: HookFile.path) else { return Setup() }
        try HookFile.check(old)
        var setup = Setup(changes: [FileChange(HookFile.path, from: old, to: nil)].compactMap(\.self))
        setup.remarks = ["Podman and CRI-O share this file: if both are installed, both lose the hook"]
        return setup
    }

    /// Where the engine looks for hooks.
    private func directories() throws(Problem) -> HooksDirectories {
        var directories = HooksDirectories()
        for path in engine.configurations(among: try files.names(in: engine.moreConfigurations)) {
            if let text = try files.text(of: path) { directories.read(text, from: path) }
        }
        return directories
    }
}

extension HookedEngine {
    fileprivate var remarks: [String] {
        switch self {
        case .podman:
            [
                "it applies to containers that are started from now on; rootless ones run it without the privileges to "
                    + "change anything"
            ]
        case .crio:
            [
                "annotations of rtshield.io reach the hook without any setting; those of crio.io only if "
                    + "allowed_annotations of a runtime lists them, and then CRI-O carries them out too: see docs/crio.md"
            ]
        }
    }
}
