// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit
package import ShieldKit

/// What is decided of one container, by its configuration, its machine and the policy of its administrator alone.
///
/// Nothing is changed here, and nobody else decides: the hook does it, `explain` and `check` tell it, `reconcile` keeps it.
package struct Decision: Hashable, Sendable {
    /// The container.
    package let container: Container
    /// Whether it has CPUs of its own, with everything that speaks for it or against it.
    package let ownership: CPUOwnership
    /// What it requests, with what the policy asks for on its behalf; nothing when its annotations cannot be understood.
    package let requests: Requests
    /// What is wrong with its annotations.
    package let problems: [RequestProblem]
    /// What becomes of its request for real-time scheduling; nil when it has none.
    package let realtime: RealtimeDecision?
    /// Whether it may start, and with what.
    package let outcome: Outcome
    /// What it asked for and does not get, one line each.
    package let notes: [String]

    /// Whether a container may start.
    package enum Outcome: Hashable, Sendable {
        /// It may, with this.
        case granted(Allocation)
        /// It may not, for this reason, in one line without a full stop.
        case denied(String)
    }

    /// Decides.
    ///
    /// - Parameters:
    ///   - container: The container.
    ///   - context: What is known of its machine.
    ///   - policy: What its administrator decided.
    package init(on container: Container, in context: DecisionContext, by policy: ContainerPolicy) {
        self.container = container
        var requests = Requests()
        do throws(RequestError) {
            // Engines hand the annotations of a pod to its sandbox too, which gets nothing.
            if container.sandboxReason == nil { requests = try Requests(of: container) }
            problems = []
        } catch {
            problems = error.problems
        }
        ownership = CPUOwnership(of: container, request: requests.cpus, in: context)
        if ownership.isOwner, problems.isEmpty { requests = requests.completed(by: policy.defaults(for: container)) }
        self.requests = requests
        realtime = requests.realtime.map { [ownership] request in
            ownership.isOwner
                ? RealtimeDecision(on: request, of: container, within: policy.realtime)
                : RealtimeDecision(sharing: ownership, container)
        }
        (outcome, notes) = Self.outcome(container, ownership, requests, problems, realtime, context)
    }

    /// Why the container does not start; nil when it may.
    package var denial: String? {
        if case .denied(let line) = outcome { line } else { nil }
    }

    /// What the container starts with; nothing when it does not start.
    package var allocation: Allocation {
        if case .granted(let allocation) = outcome { allocation } else { Allocation() }
    }

    /// The calls of real-time programs that its seccomp profile refuses.
    package var refusals: [CallRefusal] { container.spec.seccomp?.refusals ?? [] }
}

extension Decision {
    private static func outcome(
        _ container: Container, _ ownership: CPUOwnership, _ requests: Requests, _ problems: [RequestProblem],
        _ realtime: RealtimeDecision?, _ context: DecisionContext
    ) -> (Outcome, [String]) {
        if let problem = problems.first { return (.denied(problem.description), []) }
        var allocation = Allocation()
        var notes: [String] = []
        switch realtime {
        case .denied(let line): return (.denied(line), [])
        case .ignored(let line): notes.append(line)
        case .granted(let grant):
            allocation.realtime = grant
            notes += grant.shortened
        case nil: break
        }
        if ownership.isOwner {
            allocation.cpus = ownership.cpus
            for row in requests.rows { allocation.features[row.feature] = row.request }
        } else {
            allocation.housekeeping = context.housekeeping(for: container)
            allocation.outlivesShield = !allocation.housekeeping.isEmpty && context.isKubelets(container)
            let names = requests.rows.map(\.feature.key).joined(separator: ", ")
            if !names.isEmpty {
                notes.append("\(names): it has no CPUs of its own; \(ownership.decidingReason.text)")
            }
        }
        return (.granted(allocation), notes)
    }
}

/// What a container is to have.
package struct Allocation: Hashable, Sendable {
    /// The CPUs that are its own; empty for one that shares them with others.
    package var cpus: CPUSet = []
    /// What is asked of each feature of these CPUs.
    package var features: [Feature: FeatureRequest] = [:]
    /// Its real-time scheduling; nil when that is left as it is.
    package var realtime: RealtimeGrant?
    /// The CPUs that its cgroup is narrowed to, as it asked for none by number; empty when it is not narrowed.
    package var housekeeping: CPUSet = []
    /// Whether it stays narrowed when the shield is gone.
    package var outlivesShield = false

    /// Allocates nothing.
    package init() {}

    /// Whether the container must have something of this.
    package func needs(anyOf strict: Set<Feature>) -> Bool {
        strict.contains { feature in
            switch feature {
            case .realtime: realtime != nil
            case .cpus: !housekeeping.isEmpty
            default: features[feature] != nil
            }
        }
    }
}

/// What a decision needs to know of the machine.
package struct DecisionContext: Hashable, Sendable {
    /// What kubelet's CPU manager holds; nil when there is none, or its file cannot be read.
    package var kubelet: KubeletCPUs?
    /// The shielded CPUs that containers may have; nil without a shield.
    package var pool: CPUSet?
    /// The CPUs for containers that ask for none by number; empty without a shield, and in a pool, where the kernel keeps
    /// everybody off the others.
    package var housekeeping: CPUSet

    /// Tells what is known; by default nothing.
    package init(kubelet: KubeletCPUs? = nil, pool: CPUSet? = nil, housekeeping: CPUSet = []) {
        self.kubelet = kubelet
        self.pool = pool
        self.housekeeping = housekeeping
    }

    /// Tells what a shield means for containers.
    package init(kubelet: KubeletCPUs? = nil, shield: Shield?) {
        let open = shield.flatMap { $0.placement.isPool ? nil : $0 }
        self.init(
            kubelet: kubelet, pool: shield?.partition(Partition.containers)?.cpus,
            housekeeping: open?.housekeeping ?? [])
    }

    /// Whether kubelet gives CPUs to the containers of its pods, with or without a shield.
    fileprivate func isKubelets(_ container: Container) -> Bool {
        kubelet?.policy == "static" && container.isKubernetes
    }

    /// Where a container is kept that has no CPUs of its own; empty where it may run on all that its engine gives it.
    ///
    /// With the static policy kubelet gives CPUs to every container but those that hold pods together, and moves them by
    /// itself.
    fileprivate func housekeeping(for container: Container) -> CPUSet {
        guard container.spec.cpu.cpus.isEmpty else { return [] }
        guard isKubelets(container) else { return housekeeping }
        guard container.sandboxReason != nil else { return [] }
        return housekeeping.isEmpty ? kubelet?.shared ?? [] : housekeeping
    }
}
