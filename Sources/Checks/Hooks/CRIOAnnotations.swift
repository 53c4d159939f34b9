// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import Engines
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let crioAnnotations = Rule(
        "crio-annotations", .hooks,
        title: "CRI-O and rtshield's hook do not carry out the same annotations",
        why:
            "CRI-O carries out those of its annotations that allowed_annotations has, and then hands them to the hook: both "
            + "keep books of which CPUs interrupts may use, and the last one that writes wins.",
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
                        fix: "take them off allowed_annotations there, then: systemctl restart crio"))
            }
        }
        return remarks.isEmpty ? [.ok("CRI-O leaves its annotations to the hook")] : remarks
    }
}
