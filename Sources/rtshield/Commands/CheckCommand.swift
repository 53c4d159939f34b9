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
        "check", "Say whether kubelet, kernel, systemd and the shield agree", Arguments(),
        details: [
            "Draws who claims which CPUs, '+' where one has a CPU that it should not have and '-' where it lacks one, and then "
                + "tells what is wrong, the worst first: what is, what should be, why it matters, and the line that mends it. "
                + "What is meant is the shield that stands; without one, that of the configuration; without that, what kubelet "
                + "does not reserve; and without kubelet, what the kernel's command line isolates. Nothing is changed.",
            "The exit status is 0 when nothing is wrong, 4 when there are warnings, and 1 when there are errors.",
        ],
        options: [
            .flag("json", nil, \.isJSON, "Print JSON"),
            .flag("verbose", "v", \.isVerbose, "Tell of what is well, too"),
            .value(
                "profile", nil, "NAME", \.profile, "Hold the kernel against what such a host has",
                completion: .oneOf(Profile.allCases.map(\.rawValue))
            ) { Profile(rawValue: $0) },
            .value(
                "kubelet-config", nil, "FILE", \.kubeletConfiguration, "What kubelet would go by", completion: .file
            ) { $0 },
            .value("sysroot", nil, "DIR", \.sysroot, "Look at a recorded machine", completion: .directory) { $0 },
            .flag("rules", nil, \.listsRules, "Print every rule, as Markdown"),
        ],
        operands: .one(
            "TOPIC", \.topics, required: false, completion: .oneOf(Topic.allCases.map(\.rawValue) + ["all"])
        ) { word in Topic(rawValue: word).map { [$0] } ?? Topic.allCases },
        examples: [
            ("rtshield check", "Before a node is trusted"),
            ("rtshield check kernel --json", "What the kernel was booted with, for programs"),
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        if arguments.listsRules {
            try Output.write(RuleReference(topics: arguments.topics).text)
            return Exit.done
        }
        let files = HostFiles(root: arguments.sysroot)
        let evidence = Evidence(
            try Session.reading(arguments.sysroot), files: files, profile: arguments.profile,
            kubeletConfiguration: try arguments.kubeletConfiguration.map(configuration))
        let report = CheckReport(of: evidence, topics: arguments.topics)
        if arguments.isJSON {
            try Output.write(json: report)
        } else {
            try Output.write(CheckView(report: report, isVerbose: arguments.isVerbose, style: .current).text)
        }
        return status(of: report)
    }

    /// Reads a file that was named: that it is missing is then a mistake.
    private static func configuration(_ path: String) throws(Failure) -> KubeletConfigurationFile {
        do throws(FileError) {
            return KubeletConfigurationFile(
                path: path, text: try HostFiles().bytes(of: path, limit: KubeletConfigurationFile.largest))
        } catch {
            throw Failure(
                error.description,
                try: "name kubelet's file, or what 'kubectl get --raw /api/v1/nodes/NAME/proxy/configz' prints",
                status: Exit.refused)
        }
    }

    private static func status(of report: CheckReport) -> Int32 {
        switch report.worst {
        case .ok, .note: Exit.done
        case .warning: Exit.warnings
        case .error: Exit.refused
        }
    }
}
