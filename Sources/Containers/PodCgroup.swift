// SPDX-License-Identifier: Apache-2.0

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
