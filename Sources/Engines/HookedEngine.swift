// SPDX-License-Identifier: Apache-2.0

/// An engine that runs what is in directories of hooks.
package enum HookedEngine: Hashable, Sendable, CaseIterable {
    case podman, crio
}

extension HookedEngine {
    /// How a person calls it.
    package var name: String {
        switch self {
        case .podman: "Podman"
        case .crio: "CRI-O"
        }
    }

    /// The directory whose `.conf` files override the others, in the order of their names.
    package var moreConfigurations: String {
        switch self {
        case .podman: "/etc/containers/containers.conf.d"
        case .crio: "/etc/crio/crio.conf.d"
        }
    }

    /// The files that configure it, each overriding those before.
    ///
    /// - Parameter names: The names that the directory of ``moreConfigurations`` holds, in their order.
    /// - Returns: Their paths, whether they are there or not.
    package func configurations(among names: [String]) -> [String] {
        first + names.filter { $0.hasSuffix(".conf") }.map { moreConfigurations + "/" + $0 }
    }

    /// The files that are read before those of the directory.
    private var first: [String] {
        switch self {
        case .podman: ["/usr/share/containers/containers.conf", "/etc/containers/containers.conf"]
        case .crio: ["/etc/crio/crio.conf"]
        }
    }
}
