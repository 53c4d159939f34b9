// SPDX-License-Identifier: Apache-2.0

import Checks
import CommandTable
import Kubelet
import MachineKit
import Profiles
import Reports
import ShieldKit

/// `rtshield check`: says whether kubelet, kernel, systemd, irqbalance and the shield agree.
enum CheckCommand {
    struct Arguments: Sendable {
        var topics = Topic.allCases
        var isJSON = false
        var isVerbose = false
        var listsRules = false
        var profile: Profile?
        var kubeletConfiguration: String?
        var sysroot = "/"
    }

    static let description = Command(
        "check", "Check whether kubelet, kernel, systemd and the shield agree", Arguments(),
        details: [
            "Draws who claims which CPUs, with '+' for a CPU that a row should not have and '-' for one that it lacks. "
                + "Then lists the findings, the worst first: the current state, the expected state, the reason, and the "
                + "line that fixes it. Everything is compared with the current shield; without one, with the shield of the "
                + "configuration; without that, with the CPUs that kubelet does not reserve; and without kubelet, with the "
                + "CPUs that the kernel's command line isolates. Changes nothing.",
            "The exit status is 0 when nothing is wrong, 4 when there are warnings, and 1 when there are errors.",
        ],
        options: [
            .flag("json", nil, \.isJSON, "Print JSON"),
            .flag("verbose", "v", \.isVerbose, "Also print what is in order"),
            .value(
                "profile", nil, "NAME", \.profile, "Compare the kernel with such a host",
                completion: .oneOf(Profile.allCases.map(\.rawValue))
            ) { Profile(rawValue: $0) },
            .value(
                "kubelet-config", nil, "FILE", \.kubeletConfiguration, "Read FILE as kubelet's configuration",
                completion: .file
            ) { $0 },
            .value("sysroot", nil, "DIR", \.sysroot, "Read a recorded machine", completion: .directory) { $0 },
            .flag("rules", nil, \.listsRules, "Print every rule, as Markdown"),
        ],
        operands: .one(
            "TOPIC", \.topics, required: false, completion: .oneOf(Topic.allCases.map(\.rawValue) + ["all"])
        ) { word in Topic(rawValue: word).map { [$0] } ?? Topic.allCases },
        examples: [
            ("rtshield check", "Before a node goes into production"),
            ("rtshield check kernel --json", "What the kernel was booted with, for programs"),
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        if arguments.listsRules {
            try Output.write(RuleReference(topics: arguments.topics).text)
            return Exit.done
        }
        let files = HostFiles(root: arguments.sysroot)
        let evidence = Evidence(
            try Session.reading(arguments.sysroot), files: files, profile: arguments.profile,
            kubeletConfiguration: try arguments.kubeletConfiguration.map(configuration))
        let report = CheckReport(of: evidence, topics: arguments.topics)
        let answer = CheckAnswer(report: report, isVerbose: arguments.isVerbose)
        try Output.render(answer, as: OutputForm(isJSON: arguments.isJSON))
        return answer.exitStatus
    }

    /// Reads a file that was named: that it is missing is then a mistake.
    private static func configuration(_ path: String) throws(Failure) -> KubeletConfigurationFile {
        do throws(FileError) {
            return KubeletConfigurationFile(
                path: path, text: try HostFiles().bytes(of: path, limit: KubeletConfigurationFile.largest))
        } catch {
            throw Failure(
                error.description,
                try: "give kubelet's file, or the output of 'kubectl get --raw /api/v1/nodes/NAME/proxy/configz'",
                status: Exit.refused)
        }
    }
}
