// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// Decides what each knob is to hold under a shield; reads and writes nothing.
struct NoisePolicy {
    let shield: Shield
    let host: Host
    let noise: Noise
    let applied: AppliedState

    /// The values to write, an attribute at a time, those first that later ones build on.
    var tunings: [Tuning] {
        Dictionary(grouping: noise.knobs, by: \.attribute).sorted { $0.key < $1.key }.compactMap { attribute, knobs in
            let writes = knobs.compactMap(write)
            return writes.isEmpty ? nil : Tuning(attribute, writes: writes)
        }
    }

    private func write(_ knob: Knob) -> Write? {
        guard var value = wanted(knob), !isHopeless(knob, value) else { return nil }
        if knob.file == .unboundWork { value = UnboundWork.mask(value, without: isolated) }
        if knob.value == value, !wasBornUnderShield(knob) { return nil }
        return Write(knob.file, old: birthplace(of: knob) ?? knob.asked, new: value, why: why(knob))
    }

    // MARK: - Interrupts that are born under a shield

    /// Where an interrupt would go, had it not been born under the shield; nil for any other.
    private func birthplace(of knob: Knob) -> ControlValue? {
        guard knob.irq != nil, applied.values[knob.file] == nil, let cpus = knob.cpus,
            let mask = DefaultMask(in: applied, topology: host.topology)
        else { return nil }
        return mask.withoutShield(cpus).map { .cpus($0) }
    }

    /// Whether an interrupt that goes to housekeeping could have been born under a shield: only the journal can tell later.
    private func wasBornUnderShield(_ knob: Knob) -> Bool {
        guard knob.irq != nil, shield.attributes.contains(.irqs), applied.values[.defaultIRQAffinity] == nil,
            let cpus = knob.cpus, let mask = noise.knobs.first(where: { $0.file == .defaultIRQAffinity }),
            let held = wanted(mask)?.cpus, let original = mask.cpus
        else { return false }
        return DefaultMask(held: held, original: original, topology: host.topology).withoutShield(cpus) != nil
    }

    // MARK: - Knobs

    /// Whether the kernel said before that it never takes a value here, and nothing else is wanted now.
    private func isHopeless(_ knob: Knob, _ value: ControlValue) -> Bool {
        applied.refused[knob.file].map { $0.isFinal && $0.value == value } ?? false
    }

    /// The value that a knob is to hold; nil when it is to be left alone.
    func wanted(_ knob: Knob) -> ControlValue? {
        guard shield.attributes.contains(knob.attribute) else {
            // An attribute that is not wanted any more gets back what it had.
            return applied.owns(knob) ? applied.originals[knob.file] : nil
        }
        let original = birthplace(of: knob) ?? original(of: knob)
        switch knob.attribute {
        case .irqs: return interrupt(knob, original)
        // What an earlier shield wrote stays: what is asked for, and what is isolated, are two masks of the kernel.
        case .workqueues: return isLeft(knob) ? nil : cleared(original, otherwise: shield.housekeeping)
        case .rps: return cleared(original, otherwise: shield.housekeeping)
        // A queue that only shielded CPUs send through disturbs nobody else.
        case .xps: return cleared(original, otherwise: nil)
        case .watchdog: return cleared(original, otherwise: shield.housekeeping)
        case .vmstat where isLeft(knob): return original
        case .vmstat: return original.number.map { $0 < 10 ? "10" : original }
        case .hugePages: return original == "always" ? "madvise" : original
        // 2 also takes apart what was merged, and is no less quiet.
        case .ksm: return original == "1" ? "0" : original
        case .timerMigration: return isLeft(knob) ? original : "0"
        case .nmiWatchdog, .machineCheck, .numaBalancing: return "0"
        case .realtimeThrottling: return "-1"
        case .resumeLatency: return onShield(knob, "n/a")
        case .governor: return onShield(knob, "performance")
        case .irqbalance, .kernelThreads, .dmaLatency: return nil
        }
    }

    /// What the knob held before rtshield touched it, or what somebody else gave it since.
    private func original(of knob: Knob) -> ControlValue {
        applied.owns(knob) ? applied.originals[knob.file] ?? knob.asked : knob.asked
    }

    /// Whether the kernel itself does what the knob is for.
    private func isLeft(_ knob: Knob) -> Bool { shield.isLeftToKernel(knob.attribute, on: host) }

    /// The CPUs of isolated partitions; what `isolcpus=` holds never changes, and its masks are as they were.
    private var isolated: CPUSet { noise.isolated.subtracting(host.boot.isolatedCPUs) }

    // MARK: - Values

    private func interrupt(_ knob: Knob, _ original: ControlValue) -> ControlValue? {
        if let rule = rule(for: knob) { return .cpus(rule.cpus) }
        return cleared(original, otherwise: shield.housekeeping)
    }

    private func rule(for knob: Knob) -> IRQRule? {
        knob.irq.flatMap { shield.rule(for: $0, noise.names[$0] ?? []) }
    }

    /// The CPUs that the value names without the shielded ones, or others where none is left; an empty value stays as it is.
    private func cleared(_ original: ControlValue, otherwise: CPUSet?) -> ControlValue? {
        guard let cpus = original.cpus, !cpus.isDisjoint(with: shield.cpus) else { return original }
        let rest = cpus.subtracting(shield.cpus).intersection(host.topology.possible)
        // Without a CPU that is online the kernel refuses (EINVAL).
        guard rest.isDisjoint(with: host.online) else { return .cpus(rest) }
        return otherwise.map { .cpus($0) } ?? original
    }

    private func onShield(_ knob: Knob, _ value: ControlValue) -> ControlValue? {
        knob.cpu.map { shield.cpus.contains($0) ? value : original(of: knob) }
    }

    private func why(_ knob: Knob) -> String {
        guard shield.attributes.contains(knob.attribute) else {
            return "\(knob.attribute.rawValue) is not wanted any more"
        }
        if isLeft(knob) { return "the kernel itself leaves isolated CPUs out" }
        return rule(for: knob).map { "interrupts '\($0.pattern)' go to CPU \($0.cpus)" } ?? knob.attribute.why
    }
}
