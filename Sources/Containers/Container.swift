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

/// The pod that a container's group belongs to, as kubelet names groups.
package struct PodCgroup: Hashable, Sendable {
    /// What Kubernetes promises a pod.
    package enum Quality: String, Hashable, Sendable, CaseIterable {
        /// Each container has limits that equal its requests.
        case guaranteed
        /// Some container requests something.
        case burstable
        /// No container requests anything.
        case besteffort
    }

    /// What the pod was promised.
    package var quality: Quality
    /// The pod, with hyphens as in the API; static pods have 32 hexadecimal digits.
    package var uid: String

    /// Finds the pod in a `cgroupsPath`; nil when no kubelet made it.
    ///
    /// The systemd driver writes `kubepods-burstable-pod<uid>.slice:cri-containerd:<id>`, with `_` for `-` in the uid;
    /// the cgroupfs driver `/kubepods/burstable/pod<uid>/<id>`. A `cgroupRoot` of kubelet's puts words before `kubepods`.
    package init?(cgroupsPath path: String) {
        let group = path.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        let names = group.split(separator: "/")
        if let slice = names.last(where: { $0.hasSuffix(".slice") }) {
            self.init(words: slice.dropLast(".slice".count).split(separator: "-"), hyphen: UInt8(ascii: "_"))
        } else {
            self.init(words: names, hyphen: UInt8(ascii: "-"))
        }
    }

    /// Looks for `kubepods`, at most a quality, and `pod<uid>`, one after the other.
    private init?(words: [Substring], hyphen: UInt8) {
        guard let start = words.firstIndex(of: "kubepods") else { return nil }
        var rest = words[(start + 1)...]
        quality = rest.first.flatMap { Quality(rawValue: String($0)) } ?? .guaranteed
        // Only two of the three have a group of their own.
        if let word = rest.first, word == quality.rawValue {
            guard quality != .guaranteed else { return nil }
            rest = rest.dropFirst()
        }
        guard let pod = rest.first, pod.hasPrefix("pod"), pod.utf8.count > "pod".utf8.count else { return nil }
        let bytes = pod.utf8.dropFirst("pod".utf8.count).map { $0 == hyphen ? UInt8(ascii: "-") : $0 }
        uid = String(decoding: bytes, as: UTF8.self)
    }
}
