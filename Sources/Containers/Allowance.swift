// SPDX-License-Identifier: Apache-2.0

package import CgroupKit

/// What is to be done for one container; nothing is changed yet.
package struct Allowance: Hashable, Sendable {
    /// Why it is not to start, in one line without a full stop; nil when it may.
    package var denial: String?
    /// What it wished for and does not get, one line each.
    package var remarks: [String] = []
    /// The CPUs that are its own; empty for others.
    package var cpus: CPUSet = []
    /// What it wishes for about these CPUs.
    package var wishes = Wishes()
    /// Its real-time scheduling.
    package var realtime: RealtimeGrant?
    /// Whether it is to be kept off the CPUs of others, as it asked for none by number.
    package var isKeptOff = false

    /// Decides by what is known of a container.
    ///
    /// - Parameters:
    ///   - explanation: What was found out.
    ///   - rules: What the administrator decided for all containers.
    package init(_ explanation: Explanation, by rules: ContainerRules) {
        if let problem = explanation.problems.first {
            denial = problem.description
            return
        }
        let container = explanation.container
        isKeptOff = container.spec.cpu.cpus.isEmpty
        guard explanation.verdict.kind != .shared else {
            refuse(explanation)
            return
        }
        cpus = explanation.verdict.cpus
        isKeptOff = false
        wishes = (explanation.wishes ?? Wishes()).completed(by: rules.defaults)
        switch explanation.realtime {
        case .denied(let line): denial = line
        case .ignored(let line): remarks.append(line)
        case .granted(let grant):
            realtime = grant
            remarks += grant.shortened
        case nil: break
        }
    }

    /// A container that shares its CPUs gets nothing that is for those who have them alone.
    ///
    /// In a pod the annotations are for all of its containers, of which only some have CPUs of their own.
    private mutating func refuse(_ explanation: Explanation) {
        let why = "it has no CPUs of its own: \(explanation.verdict.decidingReason.text)"
        let favours = explanation.wishes?.favours ?? []
        if !favours.isEmpty { remarks.append("\(favours.map(\.name.key).joined(separator: ", ")): \(why)") }
        guard explanation.realtime != nil else { return }
        if explanation.container.isKubernetes {
            remarks.append("real-time scheduling: \(why)")
        } else {
            denial = "it asks for real-time scheduling, and \(why)"
        }
    }

    /// Whether the container must have something of this.
    package func needs(anyOf strict: Set<Concern>) -> Bool {
        var concerns: Set<Concern> = []
        if realtime != nil { concerns.insert(.realtime) }
        if wishes.loadBalancing == false { concerns.insert(.loadBalancing) }
        if wishes.irqs != nil { concerns.insert(.irqs) }
        if wishes.endsQuota { concerns.insert(.quota) }
        if wishes.idleStates != nil { concerns.insert(.idleStates) }
        if wishes.governor != nil { concerns.insert(.governor) }
        if isKeptOff { concerns.insert(.cpus) }
        return !concerns.isDisjoint(with: strict)
    }
}
