// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// What a machine's administrator decided for all containers: the section `containers` of the configuration.
package struct ContainerRules: Hashable, Sendable {
    /// What a container with CPUs of its own requests where its annotations say nothing.
    package var defaults = Requests()
    /// Those requests without which a container does not start; the rest is logged.
    package var strict: Set<Feature> = Feature.strict

    /// The rules of a configuration that says nothing.
    package init() {}

    /// What a container requests where its annotations say nothing.
    ///
    /// One that says by `process.scheduler` how it is scheduled stays with that: it gets a ceiling, and no policy.
    func defaults(for container: Container) -> Requests {
        var requests = defaults
        guard container.spec.process?.scheduler != nil else { return requests }
        if requests.realtime?.policy == .deadline { requests.realtime = nil }
        requests.realtime?.policy = nil
        return requests
    }
}

extension Requests {
    /// These requests, and where they say nothing those of others.
    func completed(by others: Requests) -> Requests {
        var requests = self
        if !declined.contains(.irqs) { requests.irqs = irqs ?? others.irqs }
        if !declined.contains(.kernelThreads) {
            requests.movesKernelThreads = movesKernelThreads || others.movesKernelThreads
        }
        requests.loadBalancing = loadBalancing ?? others.loadBalancing
        if !declined.contains(.quota) { requests.endsQuota = endsQuota || others.endsQuota }
        requests.idleStates = idleStates ?? others.idleStates
        requests.governor = governor ?? others.governor
        requests.realtime = realtime ?? others.realtime
        return requests
    }
}
