// SPDX-License-Identifier: Apache-2.0

import Engines
import JSON
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let hookConditions = Rule(
        "conditions", .hooks,
        title: "rtshield's hook runs at both ends of every container that it is for",
        why:
            "Conditions are regular expressions that match anywhere in a text, and all of them have to match. A container "
            + "that carries no annotation has to be kept off the shield too, and one that ends has to give back what it had.",
        reference: hooksManual
    ) { evidence in
        let hooks = evidence.hooks
        let idle = hooks.unread.filter(\.isOurs).map { entry in
            RuleResult.warning(
                "\(entry.path) runs rtshield's hook, and no engine reads that directory",
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
                    wanted: #""stages": ["createRuntime", "poststop"]"#, fix: "rm \(path); rtshield install podman")
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
