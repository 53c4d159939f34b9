// SPDX-License-Identifier: Apache-2.0

import MachineKit

extension StartupCheck {
    /// What groups are to enforce has to have groups.
    mutating func checkEnforcement() {
        let setting = configuration.enforceNodeAllocatable
        for word in setting.value {
            switch Enforcement(rawValue: word) {
            case .systemReserved?, .systemReservedCompressible?:
                check(word, configuration.systemReservedCgroup, "systemReservedCgroup", setting.origin)
            case .kubeReserved?, .kubeReservedCompressible?:
                check(word, configuration.kubeReservedCgroup, "kubeReservedCgroup", setting.origin)
            case .pods?, Optional.some(.none): break
            case nil: report(.reservation(.unknownEnforcement(word, setting.origin)))
            }
        }
        if !configuration.cgroupsPerQOS.value, let word = setting.value.first(where: { $0 != "none" }) {
            report(.reservation(.enforcedWithoutPodGroups(word, configuration.cgroupsPerQOS)))
        }
    }

    private mutating func check(_ word: String, _ group: Setting<String>, _ key: String, _ origin: Origin) {
        if group.value.isEmpty { report(.reservation(.enforcedWithoutGroup(word, key: key, origin))) }
    }

    /// The reserved CPUs have to be there.
    mutating func checkReservation() {
        checkResources("systemReserved", configuration.systemReserved)
        checkResources("kubeReserved", configuration.kubeReserved)
        switch reservation {
        case .named(let cpus): checkNamed(cpus)
        case .counted: checkCounted()
        }
    }

    private mutating func checkResources(_ key: String, _ reserved: [String: Setting<Quantity>]) {
        let known = ["cpu", "memory", "ephemeral-storage", "pid"]
        for (name, setting) in reserved.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
            report(.reservation(.unknownResource(name, key: key, setting.origin)))
        }
    }

    private mutating func checkNamed(_ cpus: CPUSet) {
        let list = configuration.reservedSystemCPUs
        let groups = [
            ("systemReservedCgroup", configuration.systemReservedCgroup),
            ("kubeReservedCgroup", configuration.kubeReservedCgroup),
        ]
        for (key, group) in groups where !group.value.isEmpty {
            report(.reservation(.namedWithGroup(list, key: key, group)))
        }
        let absent = cpus.subtracting(topology.present)
        if !absent.isEmpty { report(.reservation(.absent(absent, list))) }
        let offline = cpus.intersection(topology.offline)
        if !offline.isEmpty { report(.reservation(.offline(offline, list))) }
    }

    private mutating func checkCounted() {
        guard isStatic else { return }
        if reservation.count == 0 { report(.reservation(.nothing(configuration.cpuManagerPolicy))) }
        if reservation.count > topology.online.count {
            report(.reservation(.tooMany(reservation.count, online: topology.online.count)))
        }
    }
}
