// SPDX-License-Identifier: Apache-2.0

package import MachineKit
internal import Text

/// What does not fit to the CPU manager's state.
package enum CPUStateProblem: Hashable, Sendable {
    /// The file is not what kubelet wrote.
    case corrupt(stored: UInt64, computed: UInt64)
    /// Another policy wrote the file.
    case policyChanged(from: String, to: KubeletSetting<String>)
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

extension StartupCheck {
    mutating func check(_ state: CPUManagerState) {
        if case .differs(let stored, let computed) = state.checksum {
            report(state: .corrupt(stored: stored, computed: computed))
        }
        let policy = configuration.cpuManagerPolicy
        guard state.policyName == policy.value else {
            report(state: .policyChanged(from: state.policyName, to: policy))
            return
        }
        guard isStatic else { return }
        // Without a shared pool and without containers kubelet starts afresh.
        guard !state.defaultCPUs.cpus.isEmpty else {
            if !state.isEmpty { report(state: .nothingShared) }
            return
        }
        let isStrict = configuration.isOn(.strictCPUReservation)
        checkReserved(state, isStrict: isStrict)
        checkContainers(state)
        checkPods(state)
        checkCPUs(state, isStrict: isStrict)
    }

    private mutating func report(state problem: CPUStateProblem) {
        report(.cpuState(problem, file: path(of: CPUManagerState.fileName)))
    }

    /// Reserved CPUs are in the shared pool, or none of them is.
    private mutating func checkReserved(_ state: CPUManagerState, isStrict: Bool) {
        let reserved = (reservation.cpus ?? []).intersection(topology.online)
        let shared = reserved.intersection(state.defaultCPUs.cpus)
        if isStrict, !shared.isEmpty { report(state: .reservedShared(shared)) }
        if !isStrict, shared != reserved { report(state: .reservedNotShared(reserved.subtracting(shared))) }
    }

    /// No container has CPUs of the shared pool.
    private mutating func checkContainers(_ state: CPUManagerState) {
        func check(_ containers: [String: CPUList], of pod: String?) {
            for (name, list) in containers.sorted(by: { $0.key < $1.key }) {
                let shared = list.cpus.intersection(state.defaultCPUs.cpus)
                if !shared.isEmpty { report(state: .exclusiveAndShared(shared, container: name, pod: pod)) }
            }
        }
        check(state.containersByID, of: nil)
        for (uid, containers) in state.containers.sorted(by: { $0.key < $1.key }) { check(containers, of: uid) }
    }

    /// No two pods have the same CPUs; containers of one pod may, when one of them only prepares the others.
    private mutating func checkPods(_ state: CPUManagerState) {
        var pods = state.pods.mapValues(\.cpus)
        for (uid, containers) in state.containers {
            for list in containers.values { pods[uid, default: []].formUnion(list.cpus) }
        }
        var (once, twice): (CPUSet, CPUSet) = ([], [])
        for cpus in pods.values {
            twice.formUnion(once.intersection(cpus))
            once.formUnion(cpus)
        }
        guard !twice.isEmpty else { return }
        let holders = pods.filter { !$0.value.isDisjoint(with: twice) }.keys.sorted()
        report(state: .exclusiveTwice(twice, pods: holders))
    }

    /// The file knows all CPUs that kubelet finds, and no others.
    private mutating func checkCPUs(_ state: CPUManagerState, isStrict: Bool) {
        let reserved = isStrict ? reservation.cpus : []
        guard let reserved else { return }
        let found = topology.online.subtracting(reserved)
        let known = state.defaultCPUs.cpus.union(state.exclusiveCPUs)
        // Those of the shared pool that are reserved were told already.
        let gone = known.subtracting(found).subtracting(reserved.intersection(state.defaultCPUs.cpus))
        if !gone.isEmpty { report(state: .gone(gone)) }
        let new = found.subtracting(known)
        if !new.isEmpty { report(state: .new(new)) }
    }
}
