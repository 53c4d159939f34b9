// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// What a machine's administrator decided for all containers, in the sections `realtime` and `containers` of the
/// configuration.
package struct ContainerPolicy: Hashable, Sendable {
    /// How much real-time scheduling is granted, and to whom.
    package var realtime: RealtimeLimits
    /// What a container with CPUs of its own requests where its annotations say nothing.
    package var defaults: Requests
    /// Those features without which a container that asks for them does not start; the rest is logged.
    package var strict: Set<Feature>

    /// Makes a policy; by default that of a configuration that says nothing.
    package init(
        realtime: RealtimeLimits = RealtimeLimits(), defaults: Requests = Requests(),
        strict: Set<Feature> = Feature.strict
    ) {
        self.realtime = realtime
        self.defaults = defaults
        self.strict = strict
    }

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
