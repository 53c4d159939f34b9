// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

extension Rule {
    static let receivedPackets = Rule(
        "rps", .kernel,
        title: "Received packets are not handed to quiet CPUs",
        why: "Receive packet steering (RPS) hands packets on to the CPUs of a mask, by an interrupt to them.",
        reference: KernelPage.packets
    ) { evidence in evidence.queues(.rps, "received packets are handed to") }

    static let sentPackets = Rule(
        "xps", .kernel,
        title: "Transmit queues of network devices do not belong to quiet CPUs",
        why:
            "The mask says who sends through a queue, and whose interrupt then tells that it is done. A "
            + "real-time program that sends is better served by a queue of its own.",
        reference: KernelPage.packets
    ) { evidence in
        // Only where somebody asked for it: by default each CPU has its queue, as it should.
        guard evidence.shield?.attributes.contains(.xps) == true else { return [] }
        return evidence.queues(.xps, "transmit queues belong to")
    }
}

extension Evidence {
    fileprivate func queues(_ attribute: NoiseSource, _ what: String) -> [RuleResult] {
        guard let quiet else { return [] }
        let knobs = Noise(of: machine, attributes: [attribute], topology: host.topology, named: false).knobs
        let both = knobs.compactMap(\.cpus).reduce(into: CPUSet()) { $0.formUnion($1.intersection(quiet)) }
        guard let knob = knobs.first(where: { !($0.cpus ?? []).isDisjoint(with: quiet) }) else { return [] }
        let remark = disturbance(
            attribute, "\(what) \(both.title), as in \(machine.path(of: knob.file))",
            wanted: "masks without \(quiet.title)")
        return [remark]
    }
}
