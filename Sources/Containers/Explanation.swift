// SPDX-License-Identifier: Apache-2.0

package import CgroupKit

/// All that is decided of one container, by its configuration and its machine alone; nothing is changed.
package struct Explanation: Hashable, Sendable {
    /// Who it is.
    package var container: Container
    /// What it wishes for; nil when its annotations cannot be understood.
    package var wishes: Wishes?
    /// What is wrong with its annotations.
    package var problems: [WishProblem] = []
    /// Whether it has CPUs of its own.
    package var verdict: Verdict
    /// What becomes of its wish for real-time scheduling; nil when it has none.
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
    ///   - rules: What containers with CPUs of their own wish for unless they say otherwise.
    package init(
        of container: Container, in surroundings: Surroundings, within limits: RealtimeLimits,
        by rules: ContainerRules = ContainerRules()
    ) {
        self.container = container
        do throws(WishError) {
            // Engines hand the annotations of a pod to its sandbox too, which gets nothing.
            wishes = container.sandboxReason == nil ? try Wishes(of: container) : Wishes()
        } catch {
            problems = error.problems
        }
        verdict = Verdict(on: container, wish: wishes?.cpus, in: surroundings)
        if verdict.kind != .shared { wishes = wishes?.completed(by: rules.defaults(for: container)) }
        if verdict.kind == .shared, container.spec.cpu.cpus.isEmpty, !container.isKubernetes {
            keptOff = surroundings.pool ?? []
        }
        guard let wish = wishes?.realtime else { return }
        realtime =
            verdict.kind == .shared
            ? RealtimeDecision(sharing: verdict, container)
            : RealtimeDecision(on: wish, of: container, within: limits)
    }

    /// Whether it asks for more than it may have, or for something that cannot be understood.
    package var isDenied: Bool {
        if case .denied = realtime { return true }
        return !problems.isEmpty
    }
}
