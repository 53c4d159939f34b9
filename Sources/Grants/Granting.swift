// SPDX-License-Identifier: Apache-2.0

package import Containers
package import MachineKit
import ShieldKit

/// Gives containers what was decided, takes it back, and keeps the machine in step with the ledger.
///
/// The caller holds the lock of the machine as long as the value lives, so that two hooks never decide on the same ledger.
package struct Granting {
    package let machine: any Machine
    let summary: HostSummary
    /// What is granted now.
    package internal(set) var ledger: Ledger
    /// What is on disk.
    private var saved: Ledger

    /// Reads the ledger of a machine.
    ///
    /// - Throws: ``GrantError`` if it is there and cannot be used.
    package init(on machine: any Machine, summary: HostSummary) throws(GrantError) {
        self.machine = machine
        self.summary = summary
        ledger = try Ledger(of: machine, bootID: summary.bootID)
        saved = ledger
    }

    /// Gives a container what was decided.
    ///
    /// - Parameters:
    ///   - grant: All that it is to have.
    ///   - strict: What it must have: without any of these everything is taken back.
    /// - Returns: What it has not got.
    /// - Throws: ``GrantError``, after everything that this call did has been undone.
    package mutating func give(_ grant: Grant, strict: Set<Feature>) throws(GrantError) -> [UnmetRequest] {
        // An engine may start a container on the CPUs of one that is gone before it tells of its end.
        for other in ledger.grants where other.id != grant.id && !other.isAlive(on: machine) { ledger.remove(other.id) }
        if let line = Admission(ledger: ledger, machine: machine).refusal(of: grant) {
            if strict.contains(.realtime) { throw .refused([UnmetRequest(.realtime, line)]) }
            var rest = grant
            rest.realtime = nil
            return [UnmetRequest(.realtime, line)] + (rest.isEmpty ? [] : try give(rest, strict: strict))
        }
        ledger.enter(grant)
        let unmet =
            try reconcile(looksAtAll: false)
            + ContainerCgroup(grant: grant, layout: summary.layout, machine: machine).apply()
            + realtime(grant) + SharedFiles(ledger: ledger, summary: summary, machine: machine).missing(of: grant)
        let missing = unmet.filter { strict.contains($0.feature) }
        guard missing.isEmpty else {
            try release(grant.id)
            throw .refused(missing)
        }
        return unmet
    }

    private func realtime(_ grant: Grant) -> [UnmetRequest] {
        guard let realtime = grant.realtime else { return [] }
        if realtime.budget == nil, summary.hasRealtimeGroups(on: machine) {
            return [
                UnmetRequest(
                    .realtime,
                    "this kernel gives groups real time by budget (CONFIG_RT_GROUP_SCHED): ask for rtshield.io/rt-runtime, "
                        + "or set realtime.runtime-us in the configuration")
            ]
        }
        return RealtimeGiver(process: grant.process, group: grant.group, layout: summary.layout, machine: machine).give(
            realtime)
    }

    /// Takes back what a container has; nothing when it has nothing.
    package mutating func release(_ id: String) throws(GrantError) {
        ledger.remove(id)
        _ = try reconcile(looksAtAll: false)
    }

    /// Takes back what containers have that are gone.
    ///
    /// - Returns: Their grants.
    package mutating func releaseDead() throws(GrantError) -> [Grant] {
        let dead = ledger.grants.filter { !$0.isAlive(on: machine) }
        for grant in dead { ledger.remove(grant.id) }
        if !dead.isEmpty { _ = try reconcile() }
        return dead
    }

    // MARK: - Keeping in step

    /// Makes shared files hold what the ledger says, and kernel threads use it, each remembered on disk before it is changed.
    ///
    /// - Parameter looksAtAll: Whether to look at interrupts and threads although they left the same CPUs before: some may have
    ///   appeared.
    /// - Returns: What could not be written.
    /// - Throws: ``GrantError`` when the ledger cannot be written; then nothing is changed.
    package mutating func reconcile(looksAtAll: Bool = true) throws(GrantError) -> [UnmetRequest] {
        let files = SharedFiles(
            ledger: ledger, summary: summary, machine: machine,
            skipsInterrupts: !looksAtAll && ledger.quieted == ledger.quiet)
        let changes = files.changes()
        let survey = survey(looksAtAll: looksAtAll)
        for change in changes { ledger.keep(change.original, of: change.file) }
        rememberBans()
        if let survey { remember(survey) }
        if !files.skipsInterrupts { ledger.quieted = nil }
        try save()
        var refused: Set<ControlFile> = []
        var unmet = changes.compactMap { change in
            let unmet = write(change)
            if unmet != nil { refused.insert(change.file) }
            return unmet
        }
        let after = SharedFiles(ledger: ledger, summary: summary, machine: machine)
        for original in ledger.originals where after.isFree(original.file) && !refused.contains(original.file) {
            ledger.forget(original.file)
        }
        if !files.skipsInterrupts { tellIrqbalance() }
        ledger.quieted = ledger.quiet
        if let survey { unmet += move(survey) }
        ledger.vacated = ledger.vacant
        // Without this one it remembers more than it needs to, and the next look finds nothing to do for that.
        try? save()
        return unmet
    }

    /// Writes one file and reads it back; what is gone, as an interrupt whose device was removed, is nobody's loss.
    private mutating func write(_ change: SharedFiles.Change) -> UnmetRequest? {
        let write = Write(change.file, old: change.old, new: change.new, why: "")
        switch FileApplier(machine: machine).apply(write) {
        case .taken: return nil
        case .changed(let found):
            return UnmetRequest(
                change.feature, "\(machine.path(of: change.file)) took '\(write.newText)' and holds '\(found)'")
        case .gone:
            ledger.forget(change.file)
            return nil
        case .refused(let error):
            // Interrupts that belong to a CPU, and queues that the kernel manages, stay where they are.
            if change.feature == .irqs {
                ledger.forget(change.file)
                return nil
            }
            return UnmetRequest(change.feature, error.description)
        }
    }

    private mutating func save() throws(GrantError) {
        guard ledger != saved else { return }
        do throws(FileError) { try ledger.save(on: machine) } catch { throw .unreadable(error) }
        saved = ledger
    }
}
