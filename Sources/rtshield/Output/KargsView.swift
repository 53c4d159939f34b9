// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Profiles
import Reports
import ShieldKit

/// What `kargs --explain` prints for people.
struct KargsView {
    let settings: HostSettings
    let style: Style

    /// Explains what a format carries; without one, everything.
    func explanation(of format: Format?) -> String {
        let sections =
            switch format {
            case .commandLine, .grub, .rpmOSTree, .machineConfig: [arguments, leftOut]
            case .tuned: [arguments, leftOut, section("tuned", settings.tuned.explained)]
            case .kubelet: [section("kubelet", settings.kubelet.explained)]
            case nil:
                [
                    arguments, leftOut, section("kubelet", settings.kubelet.explained),
                    section("tuned", settings.tuned.explained), section("Services", settings.services.explained),
                ]
            }
        return ([headline] + sections).joined(separator: "\n")
    }

    private var headline: String {
        let line =
            "CPUs \(settings.isolated) for real-time work on \(settings.profile.title); \(settings.housekeeping) are left to the system"
        return style(.strong, line) + "\n"
    }

    // MARK: - Sections

    private var arguments: String {
        section("Kernel arguments", settings.kernelArguments.map(entry))
    }

    private var leftOut: String {
        section(
            "Left out",
            settings.leftOut.map { argument in
                entry(argument.text, [("why", argument.why), ("see", argument.link)])
            })
    }

    private func section(_ title: String, _ settings: [Setting]) -> String {
        section(
            title,
            settings.map { setting in
                let text =
                    setting.value.map { "\(setting.name): \($0.isEmpty ? "none" : $0)" } ?? "\(setting.name): unset"
                return entry(text, [("does", setting.does), ("why", setting.why), ("see", setting.link)])
            })
    }

    private func section(_ title: String, _ entries: [String]) -> String {
        "  " + style(.strong, title) + "\n" + entries.joined()
    }

    // MARK: - Entries

    private func entry(_ argument: KernelArgument) -> String {
        let kernel = [argument.since.map { "Linux \($0)" }, argument.needs].compactMap { $0 }.joined(separator: ", ")
        return entry(
            argument.text,
            [
                ("does", argument.does), ("why", argument.why), ("later", argument.runTime.sentence),
                ("needs", kernel.isEmpty ? nil : kernel), ("see", argument.link),
            ])
    }

    private func entry(_ text: String, _ facts: [(label: String, text: String?)]) -> String {
        let lines = facts.compactMap { fact in
            fact.text.map { style.wrapped($0, first: "      \(fact.label)", indent: 13) }
        }
        return "    " + style(.shielded, text) + "\n" + lines.joined()
    }
}

extension KernelArgument.RunTime {
    fileprivate var sentence: String {
        let start =
            switch kind {
            case .bootOnly: "can only be set at boot"
            case .rtshield: "rtshield does it at run time"
            case .other: "can be set at run time"
            }
        return text.isEmpty ? start : "\(start): \(text)"
    }
}
