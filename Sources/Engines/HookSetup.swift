// SPDX-License-Identifier: Apache-2.0

import Text

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
