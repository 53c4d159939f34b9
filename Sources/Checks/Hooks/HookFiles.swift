// SPDX-License-Identifier: Apache-2.0

import JSON
import MachineKit
import Reports

extension Rule {
    static let hookFiles = Rule(
        "files", .hooks,
        title: "Every file in hooks.d can be understood by the engines",
        why:
            "One file that is no JSON, or has a version or stage that is unknown, keeps CRI-O from starting and Podman from "
            + "running any container.",
        reference: hooksManual
    ) { evidence in
        let hooks = evidence.hooks
        let remarks = hooks.entries.flatMap { entry -> [RuleResult] in
            let faults = entry.fault.map { [$0] } ?? entry.faults
            guard !faults.isEmpty else { return entry.idleness }
            return faults.map { fault in
                let fix = "mend it, or move it away: mv \(entry.path) \(entry.path).off"
                guard hooks.isRead(entry) else {
                    return .warning(fault, wanted: "a file of version 1.0.0", fix: fix)
                }
                return .error(fault, wanted: "a file of version 1.0.0", fix: fix)
            }
        }
        guard remarks.isEmpty, !hooks.entries.isEmpty else { return hooks.remarks + remarks }
        return hooks.remarks + [.ok("the files in hooks.d are understood: \(hooks.entries.count)")]
    }
}

extension HookEntry {
    /// What an engine refuses.
    fileprivate var faults: [String] {
        guard let document else { return [] }
        guard case .object = document.content else { return ["\(path) is no JSON object"] }
        var faults: [String] = []
        let version = document["version"]?.text
        if version != "1.0.0" { faults.append("\(path) is of version '\(version ?? "")', and 1.0.0 is the only one") }
        if !(program?.hasPrefix("/") ?? false) { faults.append("\(path) names no program by an absolute path") }
        guard let stages = document["stages"]?.texts else { return faults + ["\(path) has no list of stages"] }
        for stage in stages where !Self.knownStages.contains(stage) {
            faults.append("\(path) has a stage '\(stage)', which engines do not know")
        }
        return faults
    }

    /// What engines take, and then never run.
    fileprivate var idleness: [RuleResult] {
        let conditions = document?["when"]?.members ?? []
        guard stages.isEmpty || !conditions.contains(where: { Self.conditions.contains($0.key) }) else { return [] }
        return [
            .warning(
                "\(path) has no \(stages.isEmpty ? "stage" : "condition below \"when\""), so its hook never runs",
                wanted: stages.isEmpty ? #""stages": ["createRuntime", "poststop"]"# : #""when": {"always": true}"#,
                fix: "put it there")
        ]
    }

    private static let conditions: Set = ["always", "annotations", "commands", "hasBindMounts"]

    /// Those of the runtime specification, and one of Podman's own.
    private static let knownStages: Set = [
        "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop", "precreate",
    ]
}
