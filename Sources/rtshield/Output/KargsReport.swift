// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Profiles
import Reports
import ShieldKit

/// What `kargs` answers: the settings of a host, in a format or explained.
struct KargsReport: Printable {
    struct Argument: Encodable {
        var text: String
        var name: String
        var value: String?
        var cpus: String?
        var does: String
        var why: String
        var runTime: String
        var how: String?
        var since: String?
        var needs: String?
        var link: String
    }

    struct Omission: Encodable {
        var text: String
        var why: String
        var link: String?
    }

    struct Explained: Encodable {
        var name: String
        var value: String?
        var does: String
        var why: String
        var link: String
    }

    var profile: String
    var isolated: String
    var housekeeping: String
    var vendor: String?
    var commandLine: String
    var kernelArguments: [Argument]
    var leftOut: [Omission]
    var kubelet: [Explained]
    var tuned: [Explained]
    var services: [Explained]
    var warnings: [String]
    private let settings: HostSettings
    private let format: Format?
    private let isExplained: Bool

    private enum CodingKeys: String, CodingKey {
        case profile, isolated, housekeeping, vendor, commandLine, kernelArguments, leftOut, kubelet, tuned, services
        case warnings
    }

    init(_ settings: HostSettings, format: Format?, isExplained: Bool) {
        profile = settings.profile.rawValue
        isolated = settings.isolated.description
        housekeeping = settings.housekeeping.description
        vendor = settings.machine.vendor?.rawValue
        commandLine = settings.kernelArguments.commandLine
        kernelArguments = settings.kernelArguments.map(Argument.init)
        leftOut = settings.leftOut.map { Omission(text: $0.text, why: $0.why, link: $0.link) }
        kubelet = settings.kubelet.explained.map(Explained.init)
        tuned = settings.tuned.explained.map(Explained.init)
        services = settings.services.explained.map(Explained.init)
        warnings = settings.cautions
        self.settings = settings
        self.format = format
        self.isExplained = isExplained
    }

    var notes: [String] { warnings.map { "warning: \($0)" } }

    func text(_ style: Style) -> String {
        isExplained ? explanation(style) : settings.text(as: format ?? .commandLine)
    }

    // MARK: - Explanation

    /// Explains what the format carries; without one, everything.
    private func explanation(_ style: Style) -> String {
        let arguments = section("Kernel arguments", kernelArguments.map { entry($0, style) }, style)
        let leftOut = section(
            "Left out", leftOut.map { entry($0.text, [("why", $0.why), ("see", $0.link)], style) }, style)
        let kubelet = section("kubelet", kubelet.map { entry($0, style) }, style)
        let tuned = section("tuned", tuned.map { entry($0, style) }, style)
        let services = section("Services", services.map { entry($0, style) }, style)
        let sections =
            switch format {
            case .commandLine, .grub, .rpmOSTree, .machineConfig: [arguments, leftOut]
            case .tuned: [arguments, leftOut, tuned]
            case .kubelet: [kubelet]
            case nil: [arguments, leftOut, kubelet, tuned, services]
            }
        let headline =
            "CPUs \(isolated) for real-time work on \(settings.profile.title); \(housekeeping) are left to the system"
        return ([style(.strong, headline) + "\n"] + sections).joined(separator: "\n")
    }

    private func section(_ title: String, _ entries: [String], _ style: Style) -> String {
        "  " + style(.strong, title) + "\n" + entries.joined()
    }

    private func entry(_ argument: Argument, _ style: Style) -> String {
        let kernel = [argument.since.map { "Linux \($0)" }, argument.needs].compactMap { $0 }.joined(separator: ", ")
        return entry(
            argument.text,
            [
                ("does", argument.does), ("why", argument.why), ("later", argument.later),
                ("needs", kernel.isEmpty ? nil : kernel), ("see", argument.link),
            ], style)
    }

    private func entry(_ setting: Explained, _ style: Style) -> String {
        let text = setting.value.map { "\(setting.name): \($0.isEmpty ? "none" : $0)" } ?? "\(setting.name): unset"
        return entry(text, [("does", setting.does), ("why", setting.why), ("see", setting.link)], style)
    }

    private func entry(_ text: String, _ facts: [(label: String, text: String?)], _ style: Style) -> String {
        let lines = facts.compactMap { fact in
            fact.text.map { style.wrapped($0, first: "      \(fact.label)", indent: 13) }
        }
        return "    " + style(.shielded, text) + "\n" + lines.joined()
    }
}

extension KargsReport.Argument {
    fileprivate init(_ argument: KernelArgument) {
        let text = argument.text
        self.init(
            text: text, name: argument.name,
            value: text == argument.name ? nil : String(text.dropFirst(argument.name.count + 1)),
            cpus: argument.cpus?.description, does: argument.does, why: argument.why,
            runTime: argument.runTime.kind.rawValue, how: argument.runTime.text.isEmpty ? nil : argument.runTime.text,
            since: argument.since?.description, needs: argument.needs, link: argument.link)
    }

    /// What becomes of it after boot.
    fileprivate var later: String {
        let start =
            switch KernelArgument.RunTime.Kind(rawValue: runTime) {
            case .bootOnly: "can only be set at boot"
            case .rtshield: "rtshield does it at run time"
            case .other, nil: "can be set at run time"
            }
        return how.map { "\(start): \($0)" } ?? start
    }
}

extension KargsReport.Explained {
    fileprivate init(_ setting: ExplainedSetting) {
        self.init(name: setting.name, value: setting.value, does: setting.does, why: setting.why, link: setting.link)
    }
}
