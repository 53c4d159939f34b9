// SPDX-License-Identifier: Apache-2.0

import Engines
import JSON
import MachineKit
import Reports
import ShieldKit

extension Rule {
    /// What is checked of the ways in which engines call rtshield.
    static let hooksRules: [Rule] = [
        .hookFiles, .hookPrograms, .hookConditions, .hookTime, .hookInstalled, .programOwners,
        .dockerFile, .dockerRuntime, .containerdRuntime, .containerdAnnotations, .crioAnnotations,
    ]
}

extension Rule {
    /// The form of the files in hooks.d.
    static let hooksManual =
        "https://github.com/containers/podman/blob/e83a1b87da0c2b88ebd69828a79d4b9ecf11b0dc/pkg/hooks/docs/oci-hooks.5.md"

    static let hookFiles = Rule(
        "files", .hooks,
        title: "Engines can parse every file in hooks.d",
        why:
            "One file that is not valid JSON, or has an unknown version or stage, keeps CRI-O from starting and Podman "
            + "from running any container.",
        reference: hooksManual
    ) { evidence in
        let hooks = evidence.hooks
        let remarks = hooks.entries.flatMap { entry -> [RuleResult] in
            let faults = entry.fault.map { [$0] } ?? entry.faults
            guard !faults.isEmpty else { return entry.idleness }
            return faults.map { fault in
                let fix = "fix it, or move it away: mv \(entry.path) \(entry.path).off"
                guard hooks.isRead(entry) else {
                    return .warning(fault, wanted: "a file of version 1.0.0", fix: fix)
                }
                return .error(fault, wanted: "a file of version 1.0.0", fix: fix)
            }
        }
        guard remarks.isEmpty, !hooks.entries.isEmpty else { return hooks.remarks + remarks }
        return hooks.remarks + [.ok("valid files in hooks.d: \(hooks.entries.count)")]
    }
}

extension HookEntry {
    /// What an engine refuses.
    fileprivate var faults: [String] {
        guard let document else { return [] }
        guard case .object = document.content else { return ["\(path) is not a JSON object"] }
        var faults: [String] = []
        let version = document["version"]?.text
        if version != "1.0.0" { faults.append("\(path) has version '\(version ?? "")', but 1.0.0 is the only one") }
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
                wanted: stages.isEmpty ? HookFile.stagesLine : #""when": {"always": true}"#,
                fix: "add it")
        ]
    }

    private static let conditions: Set = ["always", "annotations", "commands", "hasBindMounts"]

    /// Those of the runtime specification, and one of Podman's own.
    private static let knownStages: Set = [
        "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop", "precreate",
    ]
}

extension Rule {
    static let hookConditions = Rule(
        "conditions", .hooks,
        title: "rtshield's hook runs at the start and at the end of every container that needs it",
        why:
            "Conditions are regular expressions that match anywhere in a text, and all of them have to match. A "
            + "container without annotations has to be kept off the shield too, and the grant of a container that ends has "
            + "to be taken back.",
        reference: hooksManual
    ) { evidence in
        let hooks = evidence.hooks
        let idle = hooks.unread.filter(\.isOurs).map { entry in
            RuleResult.warning(
                "\(entry.path) runs rtshield's hook, but no engine reads that directory",
                wanted: "the file in \(HookFile.directory)", fix: "rm \(entry.path); rtshield install podman")
        }
        return idle + hooks.ours.flatMap { entry in entry.missingStages + entry.narrowConditions }
    }
}

extension HookEntry {
    fileprivate var missingStages: [RuleResult] {
        let starts = ["createRuntime", "prestart"]
        guard stages.contains("poststop"), stages.contains(where: starts.contains) else {
            return [
                .error(
                    "\(path) runs rtshield's hook at \(stages.joined(separator: ", ")) only",
                    wanted: HookFile.stagesLine, fix: "rm \(path); rtshield install podman")
            ]
        }
        return []
    }

    fileprivate var narrowConditions: [RuleResult] {
        guard let when = document?["when"] else { return [] }
        if case .boolean(true)? = when["always"]?.content, when.members.count == 1 { return [] }
        let patterns =
            (when["annotations"]?.members ?? []).flatMap { [$0.key, $0.value.text ?? ""] }
            + (when["commands"]?.texts ?? [])
        let loose = patterns.filter { !$0.hasPrefix("^") || !$0.hasSuffix("$") }
        let narrow = RuleResult.note(
            "\(path) runs rtshield's hook for some containers only; others are not kept off the shield by it",
            wanted: #""when": {"always": true}"#, fix: "rm \(path); rtshield install podman")
        guard let first = loose.first else { return [narrow] }
        return [
            narrow,
            .note(
                "\(path): the pattern '\(first)' also matches longer texts", wanted: "'^…$'",
                fix: "put ^ before it and $ behind it"),
        ]
    }
}
