// SPDX-License-Identifier: Apache-2.0

import CgroupKit
internal import Containers
import MachineKit
import ShieldKit

/// The files that several containers have a say in, and what the ledger makes of each.
struct SharedFiles {
    let ledger: Ledger
    let summary: HostSummary
    let machine: any Machine
    /// Whether to leave interrupts out, of which there are many: what happened changes nothing for them.
    var skipsInterrupts = false

    /// One file that is to hold something else.
    struct Change {
        var file: ControlFile
        var feature: Feature
        /// What it holds.
        var old: ControlValue
        var new: ControlValue
        /// What it held before the first grant that touched it.
        var original: ControlValue

        /// How far down it is, which the order of paths does not tell: `a/0f/cpu.shares` comes before `a/cpu.shares`.
        fileprivate var depth: Int { file.cgroup?.depth ?? 0 }

        fileprivate var isShrinking: Bool {
            switch file.kind {
            case .reservedCPUs: new.cpus?.isSubset(of: old.cpus ?? []) ?? false
            case .realtimeBudget: (new.number ?? 0) < (old.number ?? 0)
            default: false
            }
        }
    }

    /// What has to be written, and files that hold again what they held: both are to be known before the first write.
    func changes() -> [Change] {
        let files = touched
        let found = files.contains(where: isShielded) ? summary.applied(on: machine) : AppliedState()
        let changes = files.compactMap { file -> Change? in
            guard let old = machine.value(of: file) else { return nil }
            let original = ledger.original(of: file) ?? beforeShield(file, old, found)
            guard let new = value(of: file, original: original, held: old), new != old else { return nil }
            return Change(file: file, feature: feature(of: file), old: old, new: new, original: original)
        }
        // A group never has more than the one above it: what shrinks does so from below, and what grows from above.
        let shrinking = changes.filter(\.isShrinking).sorted { $0.depth > $1.depth }
        return shrinking + changes.filter { !$0.isShrinking }
    }

    /// Whether a file is nobody's any more, so that it holds again what it held.
    func isFree(_ file: ControlFile) -> Bool {
        guard let original = ledger.original(of: file) else { return true }
        if let cpus = irqCPUs(file, original) { return cpus.isDisjoint(with: ledger.quiet.union(summary.quiet)) }
        return value(of: file, original: original) == original
    }

    // MARK: - Which files

    private var touched: [ControlFile] {
        var files = ledger.originals.map(\.file)
        let known = Set(files)
        files += (masks + knobs + reservations + budgets).filter { !known.contains($0) }
        return skipsInterrupts ? files.filter { !Self.isOfInterrupts($0) } : files
    }

    /// The masks of interrupts; none while the shield keeps interrupts off these CPUs anyway.
    private var masks: [ControlFile] {
        guard !skipsInterrupts, !ledger.quiet.isSubset(of: summary.quiet) else { return [] }
        return [.defaultIRQAffinity] + machine.interruptNumbers().map { .irqAffinity($0) }
    }

    /// The files of each CPU that is tuned for its owner.
    private var knobs: [ControlFile] {
        var files: [ControlFile] = []
        for grant in ledger.grants {
            for feature in Feature.allCases where grant.has(feature) {
                if let file = feature.cpuFile { files += grant.cpus.map { file($0) } }
            }
        }
        return files
    }

    /// What a grant wants of CPUs that this machine has no file for.
    func missing(of grant: Grant) -> [UnmetRequest] {
        guard let cpu = grant.cpus.first else { return [] }
        return Feature.allCases.filter(grant.has).compactMap { feature in
            guard let file = feature.cpuFile?(cpu), !machine.exists(machine.location(of: file)) else { return nil }
            return UnmetRequest(feature, "there is no \(machine.path(of: file)) on this machine")
        }
    }

    /// What a group on the way to an isolated one reserves for it (cgroup v2, Linux 6.7 and newer).
    private var reservations: [ControlFile] {
        guard summary.layout.version == .v2 else { return [] }
        return ledger.grants.filter { $0.has(.loadBalancing) }.flatMap { grant in
            grant.group.ancestry.dropFirst().map { .reservedCPUs(of: $0) }
        }
    }

    /// What a group on the way to one with a real-time budget hands down (cgroup v1, CONFIG_RT_GROUP_SCHED).
    private var budgets: [ControlFile] {
        let budgeted = ledger.grants.filter { $0.realtime?.budget != nil }
        guard !budgeted.isEmpty, summary.hasRealtimeGroups(on: machine) else { return [] }
        return budgeted.flatMap { grant in
            grant.budgetGroup.ancestry.dropFirst().map { .realtimeBudget(of: $0) }
        }
    }

    private static func isOfInterrupts(_ file: ControlFile) -> Bool {
        file.kind == .irqAffinity || file.kind == .defaultIRQAffinity
    }

    // MARK: - What they hold

    /// What a file is to hold; nil when nobody has a say in it.
    private func value(of file: ControlFile, original: ControlValue, held: ControlValue? = nil) -> ControlValue? {
        if let cpus = irqCPUs(file, original) {
            // A shield may have sent an interrupt that lost all of its CPUs to quiet ones.
            return mask(file, original, cpus, held: held?.cpus ?? cpus)
        }
        switch file.kind {
        case .reservedCPUs: return reserved(in: file.cgroup ?? .root, original)
        case .realtimeBudget: return budget(of: file.cgroup ?? .root, original)
        default: break
        }
        guard let (feature, cpu) = Feature.ofCPUFile(file) else { return original }
        let granted = ledger.value(of: feature, on: cpu)
        return (granted ?? feature.cpuFile?.noise.flatMap { summary.shielded(cpu, $0) }).map { .word($0) } ?? original
    }

    private func irqCPUs(_ file: ControlFile, _ value: ControlValue) -> CPUSet? {
        Self.isOfInterrupts(file) ? value.cpus : nil
    }

    /// What an interrupt had, without the CPUs of all who want none; others where nothing is left.
    private func mask(
        _ file: ControlFile, _ original: ControlValue, _ cpus: CPUSet, held: CPUSet
    ) -> ControlValue? {
        let isTouched = ledger.original(of: file) != nil
        guard isTouched || !cpus.union(held).isDisjoint(with: ledger.quiet), !isChosen(file) else { return nil }
        let away = ledger.quiet.union(summary.quiet)
        guard !cpus.isDisjoint(with: away) else { return original }
        let rest = cpus.subtracting(away)
        let left = rest.isDisjoint(with: summary.online) ? summary.online.subtracting(away) : rest
        return left.isEmpty ? original : .cpus(left)
    }

    /// Whether a rule of the shield sends this interrupt where it is, which its administrator decided.
    private func isChosen(_ file: ControlFile) -> Bool {
        guard let shield = summary.shield, !shield.irqRules.isEmpty,
            case .number(let number) = file.subject
        else { return false }
        return shield.rule(for: number, machine.names(ofIRQ: number)) != nil
    }

    private func reserved(in path: CgroupPath, _ original: ControlValue) -> ControlValue {
        var cpus = original.cpus ?? []
        for grant in ledger.grants where grant.has(.loadBalancing) && grant.group.isWithin(path) {
            cpus.formUnion(grant.cpus)
        }
        return .cpus(cpus)
    }

    /// The period of a group is a second unless somebody changed it.
    private func budget(of path: CgroupPath, _ original: ControlValue) -> ControlValue {
        let below = ledger.grants.filter { $0.budgetGroup.isWithin(path) }
        let microseconds = below.compactMap { $0.realtime?.budget?.perSecond }.reduce(original.number ?? 0, +)
        return .word("\(microseconds)")
    }

    func feature(of file: ControlFile) -> Feature {
        switch file.kind {
        case .reservedCPUs: .loadBalancing
        case .realtimeBudget: .realtime
        default: Feature.ofCPUFile(file)?.feature ?? .irqs
        }
    }
}
