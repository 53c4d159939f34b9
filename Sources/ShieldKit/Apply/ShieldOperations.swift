// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import Linux
package import MachineKit

/// Making, changing and removing the shield of one machine: observes it, decides, and acts.
///
/// The caller holds the lock of the machine before it observes, so that two rtshields do not decide on the same state.
package struct ShieldOperations {
    package let machine: any Machine
    package let host: Host
    /// What rtshield did to this machine so far; nil when nothing.
    package let journal: Journal?

    package init(_ machine: any Machine) throws(ShieldError) {
        self.machine = machine
        do throws(HostError) { host = try Host(observing: machine) } catch { throw .host(error) }
        do throws(JournalError) {
            journal = try Journal(of: machine, bootID: host.bootID)
        } catch {
            throw .journal(error)
        }
    }

    /// The shield that is in place; nil when there is none, or when making one was interrupted.
    package var current: Journal.Intent? { journal.flatMap { $0.isComplete ? $0.intent : nil } }

    /// Whether an earlier run was interrupted before it came to its end.
    package var isInterrupted: Bool { journal.map { !$0.isComplete } ?? false }

    /// Decides what a request comes to on this machine.
    package func plan(_ request: ShieldRequest) throws(ShieldError) -> Plan {
        let decided: (shield: Shield, cores: CoreChoice?)
        do throws(ShieldRequestError) {
            decided = try Shield.decide(request, on: host)
        } catch {
            throw .request(error)
        }
        var plan = try plan(decided.shield)
        plan.cores = decided.cores
        return plan
    }

    /// Decides what is between this machine and a shield.
    package func plan(_ shield: Shield) throws(ShieldError) -> Plan {
        do throws(PlanError) {
            if let current, current.shield.placement.isPool != shield.placement.isPool { throw .otherPlacement }
            return try Plan(
                shield, on: host, noise: noise(for: shield), holding: journal?.applied ?? AppliedState(),
                systemd: shield.placement.isPool ? systemd : nil)
        } catch {
            throw .plan(error)
        }
    }

    /// The release of the systemd that owns the groups; nil when none does, or it does not answer.
    private var systemd: Int? { host.layout.owner == .systemd ? SystemdVersion.running(on: machine) : nil }

    /// Reads what the shield wants quiet, and what an earlier one made so.
    private func noise(for shield: Shield) -> Noise {
        let earlier = journal?.shields.flatMap(\.attributes) ?? []
        return Noise(
            of: machine, attributes: Set(shield.attributes + earlier), topology: host.topology,
            named: !shield.irqRules.isEmpty)
    }

    /// Carries out a plan.
    package func perform(
        _ plan: Plan, progress: @escaping (Step) -> Void = { _ in }
    ) throws(ShieldError) -> ApplyReport {
        var performer = PlanApplier(machine: machine, host: host, journal: journal, progress: progress)
        do throws(Refusal) { return try performer.perform(plan) } catch { throw .refused(error) }
    }

    /// Puts back everything that the journal tells.
    ///
    /// - Returns: nil when there is nothing to put back.
    package func destroy() throws(ShieldError) -> UndoReport? {
        guard var journal else { return nil }
        do throws(FileError) { try keepChosen(in: &journal) } catch { throw .host(.unreadable(error)) }
        let report = Undo(machine: machine, host: host).run(
            journal.undo, ending: journal.shields, since: journal.header?.ticks ?? 0)
        SavedAffinities(journal.chosen).reapply(on: machine)
        do throws(FileError) {
            if report.remaining.isEmpty {
                try Journal.remove(on: machine)
            } else {
                try journal.keep(only: report.remaining, on: machine)
            }
        } catch {
            throw .host(.unreadable(error))
        }
        return report
    }

    /// Puts on disk what tasks chose under the shield: before 6.2 ending it wipes that, and being killed meanwhile must not lose it.
    private func keepChosen(in journal: inout Journal) throws(FileError) {
        guard host.kernel < KernelVersion(6, 2), journal.chosen.isEmpty else { return }
        let claims = AffinityOwnership(journal.shields, online: host.online)
        for record in claims.chosen(besides: journal.undo, in: host, on: machine) {
            try journal.append(Journal.Entry(chosen: record), on: machine)
        }
    }
}

/// Why the shield of a machine could not be made, changed or removed.
package enum ShieldError: Error, Hashable, Sendable {
    case host(HostError)
    case journal(JournalError)
    /// The request does not fit the machine: a mistake of the person who made it.
    case request(ShieldRequestError)
    case plan(PlanError)
    case refused(Refusal)
}
