// SPDX-License-Identifier: Apache-2.0

import Reports

/// What a person can have checked by itself.
package enum Topic: String, Hashable, Sendable, Codable, CaseIterable {
    /// Whether kubelet would start, and gives out the CPUs that are meant.
    case kubelet
    /// Whether the kernel was booted, and is set, for what is meant.
    case kernel
    /// Whether other programs of the machine work against the shield.
    case host
    /// Whether engines call rtshield.
    case hooks
    /// Whether each running container is where it belongs.
    case containers

    /// What documents call it.
    package var title: String {
        switch self {
        case .kubelet: "Kubelet"
        case .kernel: "Kernel"
        case .host: "Host"
        case .hooks: "Hooks"
        case .containers: "Containers"
        }
    }
}
