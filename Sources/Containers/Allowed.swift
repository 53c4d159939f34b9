// SPDX-License-Identifier: Apache-2.0

package import MachineKit
import ShieldKit

/// What is to be done for one container; nothing is changed yet.
package struct Allowed: Hashable, Sendable {
    /// Why it is not to start, in one line without a full stop; nil when it may.
    package var denial: String?
    /// What it requested and does not get, one line each.
    package var remarks: [String] = []
    /// The CPUs that are its own; empty for others.
    package var cpus: CPUSet = []
    /// What it requests about these CPUs.
    package var requests = Requests()
    /// Its real-time scheduling.
    package var realtime: RealtimeGrant?
    /// Whether it is to be kept off the CPUs of others, as it asked for none by number.
    package var isKeptOff = false

    /// Takes from what was found out what is to be done.
    package init(_ explanation: ContainerDecision) {
        if let problem = explanation.problems.first {
            denial = problem.description
            return
        }
        switch explanation.realtime {
        case .denied(let line): denial = line
        case .ignored(let line): remarks.append(line)
        case .granted(let grant):
            realtime = grant
            remarks += grant.shortened
        case nil: break
        }
        guard explanation.verdict.kind == .shared else {
            cpus = explanation.verdict.cpus
            requests = explanation.requests ?? Requests()
            return
        }
        isKeptOff = explanation.container.spec.cpu.cpus.isEmpty
        let favours = explanation.requests?.favours ?? []
        guard !favours.isEmpty else { return }
        let names = favours.map(\.name.key).joined(separator: ", ")
        remarks.append("\(names): it has no CPUs of its own; \(explanation.verdict.decidingReason.text)")
    }

    /// Whether the container must have something of this.
    package func needs(anyOf strict: Set<Feature>) -> Bool { !concerns.isDisjoint(with: strict) }

    private var concerns: Set<Feature> {
        var concerns: Set<Feature> = []
        if realtime != nil { concerns.insert(.realtime) }
        if requests.loadBalancing == false { concerns.insert(.loadBalancing) }
        if requests.irqs != nil { concerns.insert(.irqs) }
        if requests.movesKernelThreads { concerns.insert(.kernelThreads) }
        if requests.endsQuota { concerns.insert(.quota) }
        if requests.idleStates != nil { concerns.insert(.idleStates) }
        if requests.governor != nil { concerns.insert(.governor) }
        if isKeptOff { concerns.insert(.cpus) }
        return concerns
    }
}
