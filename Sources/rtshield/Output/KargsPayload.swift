// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Profiles
import Reports
import ShieldKit

/// What `kargs --json` prints for programs.
struct KargsPayload: Encodable {
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

    init(_ settings: HostSettings) {
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
    }
}

extension KargsPayload.Argument {
    fileprivate init(_ argument: KernelArgument) {
        let text = argument.text
        self.init(
            text: text, name: argument.name,
            value: text == argument.name ? nil : String(text.dropFirst(argument.name.count + 1)),
            cpus: argument.cpus?.description, does: argument.does, why: argument.why,
            runTime: argument.runTime.kind.rawValue, how: argument.runTime.text.isEmpty ? nil : argument.runTime.text,
            since: argument.since?.description, needs: argument.needs, link: argument.link)
    }
}

extension KargsPayload.Explained {
    fileprivate init(_ setting: ExplainedSetting) {
        self.init(name: setting.name, value: setting.value, does: setting.does, why: setting.why, link: setting.link)
    }
}
