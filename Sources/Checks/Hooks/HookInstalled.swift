// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Engines
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let hookInstalled = Rule(
        "installed", .hooks,
        title: "Podman and CRI-O run rtshield's hook",
        why:
            "Without it a container's annotations grant nothing, and one that asked for no CPUs stays on the shield until "
            + "somebody reconciles.",
        reference: hooksManual
    ) { evidence in
        guard evidence.isUsed else { return [] }
        let ours = evidence.hooks.ours.map(\.path)
        return evidence.hooks.places.filter(\.isPresent).map { place in
            if let path = place.paths.first(where: ours.contains) { return .ok("\(place.engine.name) reads \(path)") }
            let install = "rtshield install \(place.engine == .crio ? "crio" : "podman")"
            guard evidence.files.exists(HookFile.path), let source = place.source else {
                return .note("\(place.engine.name) does not run rtshield's hook", wanted: HookFile.path, fix: install)
            }
            let named = place.directories.isEmpty ? "no directory" : place.directories.joined(separator: ", ")
            return .warning(
                "\(place.engine.name) does not read \(HookFile.path): hooks_dir in \(source) names \(named)",
                wanted: "\(HookFile.directory) in hooks_dir",
                fix: "add \"\(HookFile.directory)\" to hooks_dir in \(source)")
        }
    }
}

extension Evidence {
    /// Whether this machine has something for rtshield to do with containers.
    var isUsed: Bool { shield != nil || configuration != nil }
}
