// SPDX-License-Identifier: Apache-2.0

internal import Containers
internal import Linux
import MachineKit
import ShieldKit

extension Granting {
    /// What was found out about the kernel threads before any is moved.
    struct Survey {
        var rules: KernelThreads
        var threads: [KernelThreads.Thread]
    }

    /// Looks at all kernel threads before any is moved.
    ///
    /// - Parameter looksAtAll: Whether to look although they left the same CPUs before: some may have been born.
    /// - Returns: What was found; nil when what happened changes nothing for them, or nobody wants any to leave.
    func survey(looksAtAll: Bool) -> Survey? {
        guard looksAtAll || ledger.vacated != ledger.vacant else { return nil }
        return KernelThreads(ledger: ledger, summary: summary, machine: machine)
            .map { Survey(rules: $0, threads: $0.threads()) }
    }

    /// Remembers what each thread could use that is to move, or has moved; those that ended are forgotten.
    mutating func remember(_ survey: Survey) {
        let originals = survey.threads.map { ($0.id, $0.original) }
        guard !originals.isEmpty else {
            ledger.threads = nil
            return
        }
        var memory = ledger.threads ?? ThreadAffinities()
        memory.remember(
            Dictionary(uniqueKeysWithValues: originals),
            newcomers: TaskIDs(survey.threads.filter(\.isNew).map(\.id)))
        memory.taken.formUnion(survey.rules.taken)
        ledger.threads = memory
        if !survey.threads.allSatisfy(\.isDone) { ledger.vacated = nil }
    }

    /// Gives each thread what it is to use, and forgets those that got back all they could use.
    ///
    /// - Returns: What was refused; not by threads that ended, nor by those that their kernel or their group keeps where they are.
    mutating func move(_ survey: Survey) -> [UnmetRequest] {
        var kept: [Int32: CPUSet] = [:]
        var refusals: [Errno] = []
        var isWhole = true
        for thread in survey.threads {
            var errno: Errno?
            if !thread.isDone {
                do throws(Errno) { try machine.setAffinity(thread.target, of: thread.id) } catch { errno = error }
            }
            guard errno != .noSuchProcess else { continue }
            if let errno {
                if errno != .invalidArgument { refusals.append(errno) }
                // It is as it was: nothing of it has to be given back.
                if thread.isNew { continue }
                isWhole = false
            } else if thread.isFree, !survey.rules.hasJournal {
                continue
            }
            kept[thread.id] = thread.original
        }
        remember(kept, survey.rules, isWhole: isWhole)
        guard let first = refusals.first else { return [] }
        let count = "\(refusals.count) kernel thread\(refusals.count == 1 ? "" : "s")"
        return [UnmetRequest(.kernelThreads, "\(count) cannot be moved: \(first)")]
    }

    private mutating func remember(_ kept: [Int32: CPUSet], _ rules: KernelThreads, isWhole: Bool) {
        guard !kept.isEmpty else {
            ledger.threads = nil
            return
        }
        ledger.threads?.remember(kept)
        if isWhole, !rules.hasJournal { ledger.threads?.taken = rules.taken }
    }
}
