// SPDX-License-Identifier: Apache-2.0

import MachineKit

extension Rule {
    static let virtualMachines = Rule(
        "kvm", .kernel,
        title: "KVM is configured for real-time guests",
        why:
            "Splitting huge pages to work around a processor bug causes faults and wakes a thread that rebuilds the "
            + "pages; polling before a guest's CPU halts keeps its core busy; firing a guest's timer early hides the cost "
            + "of entering the guest.",
        reference: KernelPage.haltPolling
    ) { evidence in
        guard evidence.quiet != nil else { return [] }
        let modules = "module/kvm/parameters/"
        let parameter = { (name: String) in evidence.value(.sys, modules + name) }
        var remarks: [RuleResult] = []
        if let value = parameter("nx_huge_pages"), ["Y", "1", "force"].contains(value) {
            remarks.append(
                option(
                    "nx_huge_pages", value, wanted: "off, on a processor without iTLB multihit or with trusted guests"))
        }
        if let value = parameter("lapic_timer_advance_ns"), value == "0" {
            remarks.append(option("lapic_timer_advance_ns", value, wanted: "-1, which tunes itself"))
        }
        if let value = parameter("lapic_timer_advance"), value == "N" {
            remarks.append(option("lapic_timer_advance", value, wanted: "Y"))
        }
        if let value = parameter("halt_poll_ns").flatMap({ Int($0) }), value > 0 {
            remarks.append(
                option("halt_poll_ns", "\(value)", wanted: "0 where guests poll by themselves, or share cores"))
        }
        return remarks
    }

    private static func option(_ name: String, _ value: String, wanted: String) -> RuleResult {
        let setting = "\(name)=\(wanted.prefix { ![" ", ","].contains($0) })"
        return .note(
            "kvm.\(name) is \(value)", wanted: wanted,
            fix: "options kvm \(setting) in /etc/modprobe.d/kvm.conf, and load kvm again")
    }
}
