// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Profiles
import Reports
import ShieldKit

extension Rule {
    static let profileArguments = Rule(
        "profile", .kernel,
        title: "The kernel has every argument that a host of the profile is booted with",
        why:
            "Features that can only be enabled at boot are otherwise missing until the next boot, and hosts of one fleet "
            + "should not differ.",
        reference: "https://docs.kernel.org/admin-guide/kernel-parameters.html"
    ) { evidence in
        guard let profile = evidence.profile, let intent = evidence.intent else { return [] }
        do throws(HostSettingsError) {
            let settings = try HostSettings(
                profile: profile, isolated: intent.cpus, machine: evidence.hardware)
            let missing = settings.kernelArguments.filter { !evidence.has($0) }
            if missing.isEmpty { return [.ok("the command line matches \(profile.title)")] }
            return missing.map { evidence.remark(onMissing: $0, of: profile, intent) }
        } catch {
            return [.note("the arguments of \(profile.title) cannot be determined: \(error)")]
        }
    }
}

extension Evidence {
    /// The CPUs and who made them.
    ///
    /// `/proc/cpuinfo` is read only where nothing else tells: it interrupts each CPU to ask for its frequency.
    fileprivate var hardware: Hardware {
        let vendor: CPUVendor? =
            switch Processor(on: self).map(\.vendor) {
            case .some(.intel): .intel
            case .some(.amd): .amd
            case .some: .other
            case nil: value(.proc, "cpuinfo").map { CPUVendor(cpuinfo: $0) }
            }
        return Hardware(topology: host.topology, vendor: vendor)
    }

    /// Whether the kernel was given an argument, whatever the order of CPUs and flags.
    fileprivate func has(_ argument: KernelArgument) -> Bool {
        guard let value = host.boot.value(of: argument.name) else { return false }
        switch argument.value {
        case .none: return true
        case .word(let word): return value == word
        case .cpus(let cpus): return list(value[...]) == cpus
        case .flagged(let flags, let cpus):
            let words = value.split(separator: ",")
            let given = words.prefix { $0.first?.isLetter ?? false }
            let rest = words.dropFirst(given.count).joined(separator: ",")
            return Set(given.map(String.init)) == Set(flags) && list(rest[...]) == cpus
        }
    }

    private func list(_ text: Substring) -> CPUSet? { CPUSet(bootList: text, possible: host.topology.possible) }

    /// What only boot can give disturbs; the rest is given by other means, too.
    fileprivate func remark(onMissing argument: KernelArgument, of profile: Profile, _ intent: Intent) -> RuleResult {
        let held = host.boot.value(of: argument.name).map { $0.isEmpty ? argument.name : "\(argument.name)=\($0)" }
        let what = held.map { "the command line has '\($0)'" } ?? "the command line lacks '\(argument.name)'"
        let wanted = "'\(argument.text)', as \(profile.title) has it: it \(argument.does)"
        let fix = giving(argument, insteadOf: held, of: profile, intent)
        return argument.runTime.kind == .bootOnly
            ? .warning(what, wanted: wanted, fix: fix) : .note(what, wanted: wanted, fix: fix)
    }

    /// Gives the kernel the argument, or all of the profile where one command does that.
    private func giving(
        _ argument: KernelArgument, insteadOf held: String?, of profile: Profile, _ intent: Intent
    ) -> String {
        let settings = "rtshield kargs --cpus \(intent.cpus) --profile \(profile.rawValue) --format"
        if files.exists("/run/ostree-booted") {
            // Where an operator writes them, nothing else stays.
            return profile == .openshift
                ? "\(settings) machineconfig | oc apply -f -"
                : (held.map { "rpm-ostree kargs --delete=\($0); " } ?? "")
                    + "\(settings) rpm-ostree | sh; systemctl reboot"
        }
        if files.exists("/usr/sbin/update-grub"), !files.exists("/usr/sbin/grubby") {
            return (held.map { "remove \($0) from /etc/default/grub, then " } ?? "")
                + "\(settings) grub > /etc/default/grub.d/60-rtshield.cfg; update-grub; reboot"
        }
        return held == nil
            ? Remedy.booting(with: argument.text, on: self)
            : Remedy.replacing(argument.name, with: argument.text, on: self)
    }
}
