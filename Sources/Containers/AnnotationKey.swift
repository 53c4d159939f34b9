// SPDX-License-Identifier: Apache-2.0

import ShieldKit

/// The annotations by which a container requests something: those of CRI-O, which mean the same on every engine, and
/// rtshield's own.
package enum AnnotationKey: String, Hashable, Sendable, CaseIterable {
    /// Which CPUs interrupts leave.
    case irqs = "irq-load-balancing.crio.io"
    /// Whether the scheduler balances load over its CPUs.
    case loadBalancing = "cpu-load-balancing.crio.io"
    /// Whether it has a quota.
    case quota = "cpu-quota.crio.io"
    /// How deep its CPUs sleep.
    case idleStates = "cpu-c-states.crio.io"
    /// How fast its CPUs run.
    case governor = "cpu-freq-governor.crio.io"
    /// Whether its CPUs are its own.
    case cpus = "rtshield.io/cpus"
    /// Whether kernel threads leave its CPUs.
    case kernelThreads = "rtshield.io/kernel-threads"
    /// The policy of its first process.
    case policy = "rtshield.io/rt-policy"
    /// The highest real-time priority of its threads.
    case priority = "rtshield.io/rt-priority"
    /// How much time it gets in each period.
    case runtime = "rtshield.io/rt-runtime"
    /// Within how much of a period it is done.
    case deadline = "rtshield.io/rt-deadline"
    /// How long a period is.
    case period = "rtshield.io/rt-period"

    /// What rtshield's own names begin with.
    package static let prefix = "rtshield.io/"

    /// rtshield's own names.
    static var own: [AnnotationKey] { allCases.filter { $0.rawValue.hasPrefix(prefix) } }

    /// Whether some annotation is a request, or looks like one: a container that has any relies on being granted something.
    package static func isAny(in annotations: [String: String]) -> Bool {
        annotations.keys.contains { key in
            key.hasPrefix(prefix) || allCases.contains { key.hasPrefix($0.rawValue) }
        }
    }

    /// The key that stands for all containers of a pod.
    package var key: String { rawValue }

    /// The key that stands for one container of a pod, and wins; nil for what CRI-O only takes from the pod.
    ///
    /// CRI-O puts the name behind a slash. rtshield's own keys have one already, so that a dot is used there: no name of a
    /// container has one.
    func key(for container: String) -> String? {
        switch self {
        case .idleStates, .governor: nil
        case .irqs, .loadBalancing, .quota: "\(rawValue)/\(container)"
        default: "\(rawValue).\(container)"
        }
    }

    /// Whether a key of rtshield's own is this one, for a pod or for one of its containers.
    func isMeant(by key: String) -> Bool {
        guard key.hasPrefix(rawValue) else { return false }
        let rest = key.utf8.dropFirst(rawValue.utf8.count)
        return rest.isEmpty || rest.count > 1 && rest.first == UInt8(ascii: ".")
    }
}
