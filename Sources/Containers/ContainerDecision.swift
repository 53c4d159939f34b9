// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit
import ShieldKit

/// All that is decided of one container, by its configuration and its machine alone; nothing is changed.
package struct ContainerDecision: Hashable, Sendable {
    /// Who it is.
    package var container: Container
    /// What it requests; nil when its annotations cannot be understood.
    package var requests: Requests?
    /// What is wrong with its annotations.
    package var problems: [RequestProblem] = []
    /// Whether it has CPUs of its own.
    package var verdict: CPUOwnership
    /// What becomes of its request for real-time scheduling; nil when it has none.
    package var realtime: RealtimeDecision?
    /// The shield's CPUs that it is kept off, as it asked for none by number; empty for any other.
    package var keptOff: CPUSet = []
    /// The calls of real-time programs that its seccomp profile refuses.
    package var refusals: [CallRefusal] { container.spec.seccomp?.refusals ?? [] }

    /// Decides.
    ///
    /// - Parameters:
    ///   - container: The container.
    ///   - surroundings: The machine.
    ///   - limits: What its configuration grants.
    ///   - rules: What containers with CPUs of their own request unless they say otherwise.
    package init(
        of container: Container, in surroundings: DecisionContext, within limits: RealtimeLimits,
        by rules: ContainerRules = ContainerRules()
    ) {
        self.container = container
        do throws(RequestError) {
            // Engines hand the annotations of a pod to its sandbox too, which gets nothing.
            requests = container.sandboxReason == nil ? try Requests(of: container) : Requests()
        } catch {
            problems = error.problems
        }
        verdict = CPUOwnership(on: container, request: requests?.cpus, in: surroundings)
        if verdict.kind != .shared { requests = requests?.completed(by: rules.defaults(for: container)) }
        if verdict.kind == .shared, container.spec.cpu.cpus.isEmpty, !container.isKubernetes {
            keptOff = surroundings.pool ?? []
        }
        guard let request = requests?.realtime else { return }
        realtime =
            verdict.kind == .shared
            ? RealtimeDecision(sharing: verdict, container)
            : RealtimeDecision(on: request, of: container, within: limits)
    }

    /// Whether it asks for more than it may have, or for something that cannot be understood.
    package var isDenied: Bool {
        if case .denied = realtime { return true }
        return !problems.isEmpty
    }
}
