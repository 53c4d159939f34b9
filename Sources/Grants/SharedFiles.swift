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
        var file: KernelFile
        var feature: Feature
        /// What it holds.
        var old: String
        var new: String
        /// What it held before the first grant that touched it.
        var original: String

        /// How far down it is, which the order of paths does not tell: `a/0f/cpu.shares` comes before `a/cpu.shares`.
        fileprivate var depth: Int { CgroupPath(file.path).depth }

        fileprivate var isShrinking: Bool {
            switch file.name {
            case Substring(SharedFiles.reservation):
                CPUSet(kernelList: new)?.isSubset(of: CPUSet(kernelList: old) ?? []) ?? false
            case Substring(SharedFiles.budget): (Int(new) ?? 0) < (Int(old) ?? 0)
            default: false
            }
        }
    }

    /// What has to be written, and files that hold again what they held: both are to be known before the first write.
    func changes() -> [Change] {
        let files = touched
        let found = files.contains(where: isShielded) ? summary.applied(on: machine) : AppliedState()
        let changes = files.compactMap { file -> Change? in
            guard let old = machine.textIfPresent(of: file).map({ file.form.value(in: $0) }) else { return nil }
            let original = ledger.original(of: file) ?? beforeShield(file, old, found)
            guard let new = value(of: file, original: original, held: old) else { return nil }
            let isHeld = Write(file, old: old, new: new, why: "").matches(old, new)
            return isHeld ? nil : Change(file: file, feature: feature(of: file), old: old, new: new, original: original)
        }
        // A group never has more than the one above it: what shrinks does so from below, and what grows from above.
        let shrinking = changes.filter(\.isShrinking).sorted { $0.depth > $1.depth }
        return shrinking + changes.filter { !$0.isShrinking }
    }

    /// Whether a file is nobody's any more, so that it holds again what it held.
    func isFree(_ file: KernelFile) -> Bool {
        guard let original = ledger.original(of: file) else { return true }
        if let cpus = maskCPUs(file, original) { return cpus.isDisjoint(with: ledger.quiet.union(summary.quiet)) }
        return value(of: file, original: original) == original
    }

    // MARK: - Which files

    private var touched: [KernelFile] {
        var files = ledger.originals.map(\.file)
        let known = Set(files)
        files += (masks + knobs + reservations + budgets).filter { !known.contains($0) }
        return skipsInterrupts ? files.filter { $0.tree != .proc } : files
    }

    /// The masks of interrupts; none while the shield keeps interrupts off these CPUs anyway.
    private var masks: [KernelFile] {
        guard !skipsInterrupts, !ledger.quiet.isSubset(of: summary.quiet) else { return [] }
        return [DefaultMask.file] + machine.interruptNumbers().map { Interrupt.file($0) }
    }

    /// The files of each CPU that is tuned for its owner.
    private var knobs: [KernelFile] {
        var files: [KernelFile] = []
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
            guard let file = feature.cpuFile?(cpu), !machine.exists(file) else { return nil }
            return UnmetRequest(feature, "there is no \(machine.path(of: file)) on this machine")
        }
    }

    /// What a group on the way to an isolated one reserves for it (cgroup v2, Linux 6.7 and newer).
    private var reservations: [KernelFile] {
        guard summary.layout.version == .v2 else { return [] }
        return ledger.grants.filter { $0.has(.loadBalancing) }.flatMap { grant in
            grant.group.ancestry.dropFirst().map { $0.file(Self.reservation) }
        }
    }

    /// What a group on the way to one with a real-time budget hands down (cgroup v1, CONFIG_RT_GROUP_SCHED).
    private var budgets: [KernelFile] {
        let budgeted = ledger.grants.filter { $0.realtime?.budget != nil }
        guard !budgeted.isEmpty, summary.hasRealtimeGroups(on: machine) else { return [] }
        return budgeted.flatMap { grant in
            grant.budgetGroup.ancestry.dropFirst().map { path in
                KernelFile(.cpu, path.components.joined(separator: "/")).appending(Self.budget)
            }
        }
    }

    static let reservation = "cpuset.cpus.exclusive"
    static let budget = "cpu.rt_runtime_us"

    // MARK: - What they hold

    /// What a file is to hold; nil when nobody has a say in it.
    private func value(of file: KernelFile, original: String, held: String? = nil) -> String? {
        if let cpus = maskCPUs(file, original) {
            // A shield may have sent an interrupt that lost all of its CPUs to quiet ones.
            return mask(file, original, cpus, held: held.flatMap { maskCPUs(file, $0) } ?? cpus)
        }
        switch file.name {
        case Substring(Self.reservation): return reserved(in: CgroupPath(file.path).parent, original)
        case Substring(Self.budget): return subtreeControl(by: CgroupPath(file.path).parent, original)
        default: break
        }
        guard let (feature, cpu) = Feature.ofCPUFile(file) else { return original }
        return ledger.value(of: feature, on: cpu) ?? feature.cpuFile?.noise.flatMap { summary.shielded(cpu, $0) }
            ?? original
    }

    private func maskCPUs(_ file: KernelFile, _ text: String) -> CPUSet? {
        file.tree == .proc ? file.form.cpus(in: text) : nil
    }

    /// What an interrupt had, without the CPUs of all who want none; others where nothing is left.
    private func mask(_ file: KernelFile, _ original: String, _ cpus: CPUSet, held: CPUSet) -> String? {
        let isTouched = ledger.original(of: file) != nil
        guard isTouched || !cpus.union(held).isDisjoint(with: ledger.quiet), !isChosen(file) else { return nil }
        let away = ledger.quiet.union(summary.quiet)
        guard !cpus.isDisjoint(with: away) else { return original }
        let rest = cpus.subtracting(away)
        let left = rest.isDisjoint(with: summary.online) ? summary.online.subtracting(away) : rest
        return left.isEmpty ? original : file.form.text(left)
    }

    /// Whether a rule of the shield sends this interrupt where it is, which its administrator decided.
    private func isChosen(_ file: KernelFile) -> Bool {
        guard let shield = summary.shield, !shield.irqRules.isEmpty,
            let number = file.path.split(separator: "/").dropFirst().first.flatMap({ Int($0) })
        else { return false }
        return shield.rule(for: number, machine.names(ofIRQ: number)) != nil
    }

    private func reserved(in path: CgroupPath, _ original: String) -> String {
        var cpus = CPUSet(kernelList: original) ?? []
        for grant in ledger.grants where grant.has(.loadBalancing) && grant.group.isWithin(path) {
            cpus.formUnion(grant.cpus)
        }
        return cpus.description
    }

    /// The period of a group is a second unless somebody changed it.
    private func subtreeControl(by path: CgroupPath, _ original: String) -> String {
        let below = ledger.grants.filter { $0.budgetGroup.isWithin(path) }
        let microseconds = below.compactMap { $0.realtime?.budget?.perSecond }.reduce(Int(original) ?? 0, +)
        return "\(microseconds)"
    }

    func feature(of file: KernelFile) -> Feature {
        switch file.name {
        case Substring(Self.reservation): .loadBalancing
        case Substring(Self.budget): .realtime
        default: Feature.ofCPUFile(file)?.feature ?? .irqs
        }
    }
}
