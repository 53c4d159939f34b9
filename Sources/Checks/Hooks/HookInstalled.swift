// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Configuration
import Containers
import Engines
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let hookInstalled = Rule(
        "installed", .hooks,
        title: "Podman and CRI-O run rtshield's hook",
        why:
            "Without the hook a container's annotations have no effect, and a container that requests no CPUs stays on "
            + "the shield until 'rtshield reconcile' runs.",
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

extension Rule {
    static let hookTime = Rule(
        "time", .hooks,
        title: "Engines wait for the hook longer than it may take",
        why:
            "The hook ends by itself after hook-seconds and says what it could not do. An engine with a shorter timeout "
            + "kills it before that; an engine without a timeout waits forever for a hook that hangs.",
        reference: "https://github.com/opencontainers/runtime-spec/blob/main/config.md"
    ) { evidence in
        let most = evidence.configuration?.containers.hookSeconds ?? 2
        return evidence.hooks.ours.map { entry in
            let line = "\"timeout\": \(most + 3)"
            guard let timeout = entry.timeout else {
                return .note("\(entry.path) has no timeout", wanted: line, fix: "put '\(line)' below \"hook\"")
            }
            if timeout > most { return .ok("\(entry.path) has a timeout of \(timeout) s") }
            return .warning(
                "\(entry.path) has a timeout of \(timeout) s, and the hook may take \(most) s", wanted: line,
                fix: "put '\(line)' below \"hook\", or lower containers.hook-seconds")
        }
    }

    static let crioAnnotations = Rule(
        "crio-annotations", .hooks,
        title: "CRI-O and rtshield's hook do not carry out the same annotations",
        why:
            "CRI-O carries out those of its annotations that allowed_annotations lists, and also passes them to the "
            + "hook: both keep track of the CPUs that interrupts may use, and the last write wins.",
        reference: "https://github.com/cri-o/cri-o/blob/main/docs/crio.conf.5.md"
    ) { evidence in
        let hooks = evidence.hooks
        guard let crio = hooks.places.first(where: { $0.engine == .crio }), crio.isPresent,
            hooks.ours.contains(where: { crio.paths.contains($0.path) })
        else { return [] }
        var remarks: [RuleResult] = []
        let shared = AnnotationKey.allCases.map(\.key).filter { !$0.hasPrefix(AnnotationKey.prefix) }
        let names = evidence.files.names(in: HookedEngine.crio.moreConfigurations)
        for path in HookedEngine.crio.configurations(among: names) {
            // What cannot be read is told of where hooks_dir is looked for.
            guard let text = evidence.files.textIfPresent(of: path) else { continue }
            for assignment in TOMLOutline(text).assignments where assignment.path.last == "allowed_annotations" {
                let both = assignment.strings.filter(shared.contains)
                guard !both.isEmpty else { continue }
                remarks.append(
                    .warning(
                        "\(path):\(assignment.line): CRI-O carries out \(both.joined(separator: ", ")), and so does the hook",
                        wanted: "one program that does",
                        fix: "remove them from allowed_annotations there, then: systemctl restart crio"))
            }
        }
        return remarks.isEmpty ? [.ok("CRI-O leaves its annotations to the hook")] : remarks
    }
}
