// SPDX-License-Identifier: Apache-2.0

package import Containers
package import ShieldKit

/// What an administrator wrote into `/etc/rtshield/config.yaml`.
package struct Configuration: Hashable, Sendable {
    /// Where it is.
    package static let path = "/etc/rtshield/config.yaml"

    /// The shield that is wanted; nil when there is to be none.
    ///
    /// Which CPUs the machine has is not known here.
    package var shield: ShieldRequest?
    /// What containers may have.
    package var realtime: RealtimeLimits
    /// How containers are started.
    package var containers: ContainersConfiguration

    /// Makes a configuration; by default one that says nothing.
    package init(
        shield: ShieldRequest? = nil, realtime: RealtimeLimits = RealtimeLimits(),
        containers: ContainersConfiguration = ContainersConfiguration()
    ) {
        self.shield = shield
        self.realtime = realtime
        self.containers = containers
    }

    /// What its administrator decided for containers.
    package var policy: ContainerPolicy {
        ContainerPolicy(realtime: realtime, defaults: containers.defaults, strict: containers.strict)
    }
}
