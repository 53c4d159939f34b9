// SPDX-License-Identifier: Apache-2.0

import ShieldKit

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
