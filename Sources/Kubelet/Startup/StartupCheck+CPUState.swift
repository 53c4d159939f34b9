// SPDX-License-Identifier: Apache-2.0

import MachineKit

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
