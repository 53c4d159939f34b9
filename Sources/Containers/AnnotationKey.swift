// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// An annotation by which a container requests something: one of CRI-O's, which mean the same on every engine, or one of
/// rtshield's own.
package struct AnnotationKey: Hashable, Sendable {
    /// How the key for one container of a pod is made of that for the pod.
    enum ContainerForm {
        /// CRI-O puts the name behind a slash.
        case slash
        /// rtshield's own keys have a slash already; no name of a container has a dot.
        case dot
        /// CRI-O takes it from the pod only.
        case none
    }

    /// The key that stands for all containers of a pod.
    package let key: String
    private let form: ContainerForm

    init(_ key: String, ofContainer form: ContainerForm = .dot) {
        self.key = key
        self.form = form
    }

    /// The key that stands for one container of a pod, and wins; nil when there is none.
    func key(for container: String) -> String? {
        switch form {
        case .slash: "\(key)/\(container)"
        case .dot: "\(key).\(container)"
        case .none: nil
        }
    }

    /// Whether a key of rtshield's own is this one, for a pod or for one of its containers.
    func isMeant(by key: String) -> Bool {
        guard key.hasPrefix(self.key) else { return false }
        let rest = key.utf8.dropFirst(self.key.utf8.count)
        return rest.isEmpty || rest.count > 1 && rest.first == UInt8(ascii: ".")
    }
}

extension AnnotationKey: CaseIterable {
    /// Whether its CPUs are its own.
    package static let cpus = AnnotationKey("rtshield.io/cpus")
    /// The policy of its first process.
    package static let policy = AnnotationKey("rtshield.io/rt-policy")
    /// The highest real-time priority of its threads.
    package static let priority = AnnotationKey("rtshield.io/rt-priority")
    /// How much time it gets in each period.
    static let runtime = AnnotationKey("rtshield.io/rt-runtime")
    /// Within how much of a period it is done.
    static let deadline = AnnotationKey("rtshield.io/rt-deadline")
    /// How long a period is.
    static let period = AnnotationKey("rtshield.io/rt-period")

    /// What rtshield's own names begin with.
    package static let prefix = "rtshield.io/"

    /// All of them.
    package static let allCases =
        [cpus] + Feature.allCases.compactMap(\.annotation) + [policy, priority, runtime, deadline, period]

    /// rtshield's own.
    static let own = allCases.filter { $0.key.hasPrefix(prefix) }

    /// Whether some annotation is a request, or looks like one: a container that has any relies on being granted something.
    package static func isAny(in annotations: [String: String]) -> Bool {
        annotations.keys.contains { key in
            key.hasPrefix(prefix) || allCases.contains { key.hasPrefix($0.key) }
        }
    }
}
