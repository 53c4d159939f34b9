// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

/// Who a container is: what its configuration and its runtime say of it, in the words of all engines alike.
package struct Container: Hashable, Sendable {
    /// The name by which the runtime knows it; nil when only a bundle was looked at that does not tell.
    package var id: ContainerID?
    /// Its configuration.
    package var spec: Spec
    /// What had it started.
    package var engine: Engine
    /// The pod whose group it is to join; nil without kubelet.
    package var pod: PodCgroup?
    /// The uid of its pod: that of its group, which kubelet made, before what its engine tells; nil without kubelet.
    package var podUID: String?
    /// Its name in its pod.
    package var name: String?
    /// The Kubernetes namespace.
    package var namespace: String?
    /// The image it is made of, as far as the engine tells.
    package var image: String?
    /// The annotations of its configuration, and those that only the runtime told.
    package var annotations: [String: String]

    /// Puts together what is known.
    ///
    /// - Parameters:
    ///   - spec: The configuration.
    ///   - state: What the runtime told a hook, if it did.
    ///   - id: The id by which the container was found, if it was.
    ///   - bundle: The directory of the configuration, which may tell the engine.
    package init(_ spec: Spec, state: ContainerState? = nil, id: ContainerID? = nil, bundle: String = "") {
        self.spec = spec
        let annotations = Self.annotations(spec, state)
        self.annotations = annotations
        let path = spec.cgroupsPath ?? ""
        self.id = state?.id ?? id ?? Self.id(from: path)
        let engine = Engine(annotations: annotations, cgroupsPath: path, bundle: state?.bundle ?? bundle)
        func told(_ fact: Annotation.Fact) -> String? { engine.key(of: fact).flatMap { annotations[$0] } }
        self.engine = engine
        pod = PodCgroup(cgroupsPath: path)
        podUID = pod?.uid ?? told(.podUID)
        name = told(.name)
        namespace = told(.namespace)
        image = told(.image)
    }

    /// Those of the configuration, and what only the runtime tells.
    private static func annotations(_ spec: Spec, _ state: ContainerState?) -> [String: String] {
        var annotations = state?.annotations ?? [:]
        for (key, value) in spec.annotations { annotations[key] = value }
        return annotations
    }

    /// The last word of `slice:prefix:id` or of a path.
    private static func id(from path: String) -> ContainerID? {
        guard let word = path.split(separator: ":").last?.split(separator: "/").last else { return nil }
        return ContainerID(word.hasPrefix("crio-") ? String(word.dropFirst("crio-".count)) : String(word))
    }

    /// Whether kubelet had it started.
    package var isKubernetes: Bool { podUID != nil }

    /// Why it is the container that only holds a pod together; nil when it is not.
    package var sandboxReason: String? {
        for key in [Annotation.criType, Annotation.crioType] where annotations[key] == "sandbox" {
            return "\(key) is 'sandbox'"
        }
        if annotations[Annotation.dockerType] == "podsandbox" { return "\(Annotation.dockerType) is 'podsandbox'" }
        // cri-dockerd says it in labels, which do not reach the configuration.
        if engine == .docker, pod != nil, spec.process?.args == ["/pause"] {
            return "it is a container of Docker in a pod, and its program is /pause"
        }
        return nil
    }
}
