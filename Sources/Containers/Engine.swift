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

// MARK: - Annotations of engines

/// Names of annotations that engines write, and that people may not.
enum Annotation {
    /// containerd: `sandbox` or `container`.
    static let criType = "io.kubernetes.cri.container-type"
    /// CRI-O: the same.
    static let crioType = "io.kubernetes.cri-o.ContainerType"
    /// cri-dockerd: `podsandbox` or `container`.
    static let dockerType = "io.kubernetes.docker.type"

    /// What an annotation of an engine's tells.
    enum Fact {
        case podUID, name, namespace, image
    }
}

extension Engine {
    /// The annotation by which this engine tells a fact; nil when it does not.
    ///
    /// Another engine's name would be believed to whoever starts a pod: CRI-O hands a pod's annotations on.
    func key(of fact: Annotation.Fact) -> String? {
        switch (self, fact) {
        case (.containerd, .podUID): "io.kubernetes.cri.sandbox-uid"
        case (.containerd, .name): "io.kubernetes.cri.container-name"
        case (.containerd, .namespace): "io.kubernetes.cri.sandbox-namespace"
        case (.containerd, .image): "io.kubernetes.cri.image-name"
        case (.crio, .image): "io.kubernetes.cri-o.ImageName"
        case (.crio, .podUID), (.docker, .podUID): "io.kubernetes.pod.uid"
        case (.crio, .name), (.docker, .name): "io.kubernetes.container.name"
        case (.crio, .namespace), (.docker, .namespace): "io.kubernetes.pod.namespace"
        case (.docker, .image), (.podman, _), (.other, _): nil
        }
    }
}
