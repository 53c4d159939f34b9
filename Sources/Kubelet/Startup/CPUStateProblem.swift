// SPDX-License-Identifier: Apache-2.0

package import MachineKit
internal import Text

/// What does not fit to the CPU manager's state.
package enum CPUStateProblem: Hashable, Sendable {
    /// The file is not what kubelet wrote.
    case corrupt(stored: UInt64, computed: UInt64)
    /// Another policy wrote the file.
    case policyChanged(from: String, to: Setting<String>)
    /// Containers have CPUs, and nobody else has any.
    case nothingShared
    /// Reserved CPUs are not in the shared pool, which holds them without `strict-cpu-reservation`.
    case reservedNotShared(CPUSet)
    /// Reserved CPUs are in the shared pool, which does not hold them with `strict-cpu-reservation`.
    case reservedShared(CPUSet)
    /// CPUs of a container are in the shared pool too.
    case exclusiveAndShared(CPUSet, container: String, pod: String?)
    /// Several pods have the same CPUs. kubelet does not look for it.
    case exclusiveTwice(CPUSet, pods: [String])
    /// The file knows CPUs that are not online, or that are reserved strictly.
    case gone(CPUSet)
    /// The file does not know CPUs that are online.
    case new(CPUSet)
}

extension CPUStateProblem {
    var what: String {
        switch self {
        case .corrupt(let stored, let computed): "the checksum is \(stored), and what it holds has \(computed)"
        case .policyChanged(let old, let new):
            "the policy \(quoted(old)) wrote it, and cpuManagerPolicy is \(quoted(new.value)) (\(new.origin))"
        case .nothingShared: "containers have CPUs of their own, and no CPU is left to share"
        case .reservedNotShared(let cpus): "the shared pool lacks \(cpus.title) of those that are reserved"
        case .reservedShared(let cpus):
            "the shared pool has \(cpus.title) of those that strict-cpu-reservation keeps out of it"
        case .exclusiveAndShared(let cpus, let container, let pod):
            "container \(quoted(container))\(pod.map { " of pod \(quoted($0))" } ?? "") has \(cpus.title)"
                + ", and so has the shared pool"
        case .exclusiveTwice(let cpus, let pods): "several pods have \(cpus.title): \(Self.listed(pods))"
        case .gone(let cpus): "it has \(cpus.title), which kubelet does not find"
        case .new(let cpus): "it does not have \(cpus.title), which kubelet finds"
        }
    }

    private static func listed(_ pods: [String]) -> String {
        let most = 4
        return pods.prefix(most).map(quoted).joined(separator: ", ") + (pods.count > most ? ", ..." : "")
    }

    /// What to do; nil when the file has to go.
    var whatToDo: String? {
        if case .gone(let cpus) = self {
            "bring \(cpus.title) online before kubelet starts; or drain the node, remove the file and start kubelet"
        } else {
            nil
        }
    }
}
