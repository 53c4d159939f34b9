// SPDX-License-Identifier: Apache-2.0

/// What a machine's administrator decided for all containers: the section `containers` of the configuration.
package struct ContainerRules: Hashable, Sendable {
    /// What a container with CPUs of its own wishes for where its annotations say nothing.
    package var defaults = Wishes()
    /// Those wishes without which a container does not start; the rest is logged.
    package var strict: Set<Concern> = Concern.strict

    /// The rules of a configuration that says nothing.
    package init() {}

    /// What a container wishes for where its annotations say nothing.
    ///
    /// One that says by `process.scheduler` how it is scheduled stays with that: it gets a ceiling, and no policy.
    func defaults(for container: Container) -> Wishes {
        var wishes = defaults
        guard container.spec.process?.scheduler != nil else { return wishes }
        if wishes.realtime?.policy == .deadline { wishes.realtime = nil }
        wishes.realtime?.policy = nil
        return wishes
    }
}

extension Wishes {
    /// These wishes, and where they say nothing those of others.
    func completed(by others: Wishes) -> Wishes {
        var wishes = self
        if !declined.contains(.irqs) { wishes.irqs = irqs ?? others.irqs }
        if !declined.contains(.kernelThreads) {
            wishes.movesKernelThreads = movesKernelThreads || others.movesKernelThreads
        }
        wishes.loadBalancing = loadBalancing ?? others.loadBalancing
        if !declined.contains(.quota) { wishes.endsQuota = endsQuota || others.endsQuota }
        wishes.idleStates = idleStates ?? others.idleStates
        wishes.governor = governor ?? others.governor
        wishes.realtime = realtime ?? others.realtime
        return wishes
    }
}
