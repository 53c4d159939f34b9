// SPDX-License-Identifier: Apache-2.0

import CommandTable
import MachineKit
import Profiles
import ShieldKit

/// `rtshield kargs`: prints what boot, kubelet and tuned have to be given, so that they agree with a shield.
enum KargsCommand {
    struct Arguments: Sendable {
        var cpus: CPUSet = []
        var profile = Profile.plain
        var format: Format?
        var isExplained = false
        var isJSON = false
        var machineCPUs: CPUSet?
        var vendor: CPUVendor?
        var sysroot: String?
    }

    static let description = Command(
        "kargs", "Print kernel arguments and other settings for a host", Arguments(),
        details: [
            "Prints the settings with which kernel, kubelet and tuned of a host agree with a shield of these CPUs: boot "
                + "arguments for what the kernel cannot change later, and all other CPUs as the ones that kubelet reserves. "
                + "Changes nothing.",
            "The profile is the kind of host. plain is for Docker or Podman, and leaves to 'rtshield create' what can be "
                + "done at run time. openshift, ovirt and openstack match what their own tools set. --explain says what "
                + "each setting does, why, and whether rtshield does it anyway.",
            "The machine is this one, unless --sysroot names a recording or --machine-cpus gives the CPUs of another "
                + "machine. With --machine-cpus, kernel arguments for the CPUs of one vendor are left out unless --vendor "
                + "is given.",
        ],
        options: [
            .value("cpus", "c", "LIST", \.cpus, "CPUs for real-time work, such as 2-5,8", required: true) {
                try CPUSet(parsing: $0)
            },
            .value(
                "profile", "p", "NAME", \.profile, "Kind of host: \(names(Profile.self))",
                completion: .oneOf(Profile.allCases.map(\.rawValue))
            ) { Profile(rawValue: $0) ?? .plain },
            .value(
                "format", "f", "NAME", \.format, "Or grub, rpm-ostree, machineconfig, tuned, kubelet",
                completion: .oneOf(Format.allCases.map(\.rawValue))
            ) { Format(rawValue: $0) },
            .flag("explain", nil, \.isExplained, "Explain each setting, with its source"),
            .value("machine-cpus", nil, "LIST", \.machineCPUs, "All CPUs of another machine") {
                try CPUSet(parsing: $0)
            },
            .value(
                "vendor", nil, "NAME", \.vendor, "Vendor of its CPUs: \(names(CPUVendor.self))",
                completion: .oneOf(CPUVendor.allCases.map(\.rawValue))
            ) { CPUVendor(rawValue: $0) },
            .value("sysroot", nil, "DIR", \.sysroot, "Read a recorded machine", completion: .directory) { $0 },
            .flag("json", nil, \.isJSON, "Print JSON"),
        ],
        examples: [
            ("rtshield kargs --cpus 2-5 --explain", "Read the explanations first"),
            ("rtshield kargs -c 2-5 -f grub", "A file for /etc/default/grub.d"),
            ("rtshield kargs -c 4-15 -p openshift -f machineconfig --machine-cpus 0-15", "For another machine"),
        ],
        perform: perform)

    private static func names<Name: CaseIterable & RawRepresentable<String>>(_ type: Name.Type) -> String {
        type.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        if arguments.isJSON, arguments.isExplained || arguments.format != nil {
            throw UsageError("--json prints everything: leave out --format and --explain")
        }
        try Output.render(
            KargsReport(
                try settings(arguments), format: arguments.format, isExplained: arguments.isExplained),
            as: OutputForm(isJSON: arguments.isJSON))
        return Exit.done
    }

    private static func settings(_ arguments: Arguments) throws -> HostSettings {
        let machine = try machine(arguments)
        do throws(HostSettingsError) {
            return try HostSettings(profile: arguments.profile, isolated: arguments.cpus, machine: machine)
        } catch {
            throw UsageError("--cpus: \(error)")
        }
    }

    /// The machine that the settings are for; only a live or recorded one is looked at.
    private static func machine(_ arguments: Arguments) throws -> Hardware {
        if let cpus = arguments.machineCPUs {
            if arguments.sysroot != nil { throw UsageError("--machine-cpus and --sysroot are mutually exclusive") }
            return Hardware(topology: Topology(cpus: cpus), vendor: arguments.vendor)
        }
        var machine = Hardware(observing: try Session.machine(arguments.sysroot ?? "/"))
        if let vendor = arguments.vendor { machine.vendor = vendor }
        return machine
    }
}
