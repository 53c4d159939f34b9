// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

/// What a person should know of what keeps the shield quiet, or does not.
struct NoiseFindings {
    let shield: Shield
    let host: Host
    let noise: [NoiseReport]
    let interrupts: [InterruptReport]
    /// Rules that no interrupt matches.
    package let idleRules: [IRQRule]
    /// Programs that run and set interrupts themselves.
    let rivals: Set<String>
    let applied: AppliedState

    private static let reconcile = "run 'rtshield reconcile', or keep 'rtshield watch' running"

    var all: [Finding] { strays + idle + unbanned + others + refusals + advice }

    private var strays: [Finding] {
        guard shield.attributes.contains(.irqs), let movable = interrupts.first(where: { $0.reason == "movable" })
        else {
            return []
        }
        let count = movable.interrupts.count
        return [
            Finding(
                .warning,
                "\(count) interrupt\(count == 1 ? "" : "s") on the shield can be moved off: \(movable.summary())",
                why: "requested, or moved by another program, after the shield was made", advice: Self.reconcile)
        ]
    }

    private var idle: [Finding] {
        idleRules.map { rule in
            Finding(
                .warning, rule.idleWarning, why: "the device is missing, or has another name",
                advice: "/proc/interrupts lists the names; 'rtshield watch' also moves interrupts that appear later")
        }
    }

    private var unbanned: [Finding] {
        guard let irqbalance = noise.first(where: { $0.attribute == .irqbalance }), irqbalance.isWanted,
            let banned = irqbalance.values.first?.cpus, !shield.cpus.isSubset(of: banned)
        else { return [] }
        return [
            Finding(
                .warning, "irqbalance may move interrupts to CPU \(shield.cpus.subtracting(banned))",
                why: "it was started or reconfigured after the shield was made", advice: Self.reconcile)
        ]
    }

    private var others: [Finding] {
        guard shield.attributes.contains(.irqs) else { return [] }
        return rivals.sorted().map { name in
            Finding(
                .note, "\(name) is running, and may set interrupt affinity too",
                why: name == "crio" ? "its high-performance hooks write /proc/irq" : "its profiles write /proc/irq",
                advice:
                    "let only one of the two do it: switch it off in \(name), or run 'rtshield create' with '--without "
                    + "irqs,irqbalance'"
            )
        }
    }

    private var refusals: [Finding] {
        let refused = applied.refused.values
            .filter { $0.file.kind != .irqAffinity && $0.file.kind != .defaultIRQAffinity }
            .map { (path: $0.file.location(in: host.layout).path, write: $0) }
        return refused.sorted { $0.path < $1.path }.map { path, write in
            Finding(
                .note, "the kernel does not accept '\(write.file.text(write.value))' in \(path)",
                why: write.errno.map { "\($0)" } ?? "it holds another value")
        }
    }

    /// Whole-machine settings that disturb, and that nobody asked to change.
    private var advice: [Finding] {
        noise.filter { !$0.isWanted }.compactMap { report in
            guard let value = report.values.first?.value, report.attribute.disturbs(value, on: host) else { return nil }
            return Finding(
                .note, "\(report.attribute.rawValue) is '\(value)', which may disturb programs that share memory",
                advice: "'rtshield create --cpus \(shield.cpus) --with \(report.attribute.rawValue)' switches it off")
        }
    }
}

extension NoiseSource {
    /// Whether a value of the whole machine makes the kernel work on the memory of every program.
    fileprivate func disturbs(_ value: String, on host: Host) -> Bool {
        switch self {
        case .hugePages: value == "always"
        case .ksm: value == "1"
        case .numaBalancing: value != "0" && host.topology.nodes.count > 1
        default: false
        }
    }
}
