// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// What had a container started.
package enum Engine: String, Hashable, Sendable, CaseIterable {
    /// Docker, also under kubelet (cri-dockerd).
    case docker
    /// Podman.
    case podman
    /// containerd, under kubelet or by hand.
    case containerd
    /// CRI-O.
    case crio = "cri-o"
    /// Nothing that is known here, such as runc by hand.
    case other
}

extension Engine {
    /// Tells the engine by what it writes into a configuration.
    ///
    /// The group's name comes first: engines choose it, while some annotations come from whoever may start a pod.
    init(annotations: [String: String], cgroupsPath: String, bundle: String) {
        self =
            Engine(cgroupsPath: cgroupsPath) ?? Engine(annotations: annotations)
            ?? (bundle.split(separator: "/").contains("moby") ? .docker : .other)
    }

    /// Tells the engine by `slice:prefix:id`, or by the last name of a path.
    private init?(cgroupsPath path: String) {
        let scope = path.split(separator: ":", omittingEmptySubsequences: false)
        let name = path.split(separator: "/").last ?? ""
        let word = scope.count == 3 ? scope[1] : name.prefix(while: { $0 != "-" })
        switch word {
        case "docker": self = .docker
        case "libpod": self = .podman
        case "crio": self = .crio
        case "cri-containerd", "nerdctl": self = .containerd
        default:
            guard path.hasPrefix("/docker/") else { return nil }
            self = .docker
        }
    }

    private init?(annotations: [String: String]) {
        if annotations[Annotation.criType] != nil || annotations.keys.contains(where: { $0.hasPrefix("nerdctl/") }) {
            self = .containerd
        } else if annotations["io.container.manager"] == "cri-o" || annotations[Annotation.crioType] != nil {
            self = .crio
        } else if annotations["io.container.manager"] == "libpod" {
            self = .podman
        } else if annotations[Annotation.dockerType] != nil {
            self = .docker
        } else {
            return nil
        }
    }
}
