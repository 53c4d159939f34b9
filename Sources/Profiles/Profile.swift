// SPDX-License-Identifier: Apache-2.0

/// A kind of host, which decides what its settings are.
package enum Profile: String, CaseIterable, Hashable, Sendable {
    /// Containers of Docker or Podman: boot gives what only boot can give, rtshield does the rest at run time.
    case plain
    /// A worker of OpenShift, as its node tuning operator sets up one with the hint for real time.
    case openshift
    /// A host of oVirt, whose virtual CPUs are pinned one to one.
    case ovirt
    /// A compute host of OpenStack Nova with real-time instances.
    case openstack

    /// What it is a profile of, for people.
    package var title: String {
        switch self {
        case .plain: "a host with Docker or Podman"
        case .openshift: "an OpenShift worker"
        case .ovirt: "an oVirt host"
        case .openstack: "an OpenStack compute host"
        }
    }
}
