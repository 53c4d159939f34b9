// SPDX-License-Identifier: Apache-2.0

package import MachineKit
internal import Text

/// What is wrong with what is held back for the system.
package enum ReservationProblem: Hashable, Sendable {
    /// The static policy needs a reserved CPU, and there is none.
    case nothing(KubeletSetting<String>)
    /// CPUs are named, and a group of the system is too, which kubelet does not take together.
    case namedWithGroup(KubeletSetting<CPUList>, key: String, KubeletSetting<String>)
    /// The machine does not have these CPUs.
    case absent(CPUSet, KubeletSetting<CPUList>)
    /// These CPUs are switched off.
    case offline(CPUSet, KubeletSetting<CPUList>)
    /// More CPUs are reserved than are online.
    case tooMany(Int, online: Int)
    /// A resource cannot be reserved.
    case unknownResource(String, key: String, Origin)
    /// What is to be enforced needs a group that is not named.
    case enforcedWithoutGroup(String, key: String, Origin)
    /// What is to be enforced needs the groups of pods, which are switched off.
    case enforcedWithoutPodGroups(String, KubeletSetting<Bool>)
    /// There is nothing of this name that could be enforced.
    case unknownEnforcement(String, Origin)
}

extension ReservationProblem {
    var what: String {
        switch self {
        case .nothing(let policy): "cpuManagerPolicy is \(policy.value) (\(policy.origin)), and no CPU is reserved"
        case .namedWithGroup(let list, let key, let group):
            "\(Self.naming(list)), and \(key) is \(quoted(group.value)) (\(group.origin)): kubelet takes only one of them"
        case .absent(let cpus, let list): "\(Self.naming(list)), and the machine does not have \(cpus.title)"
        case .offline(let cpus, let list): "\(Self.naming(list)), and the machine has \(cpus.title) offline"
        case .tooMany(let count, let online):
            "systemReserved and kubeReserved come to \(count) CPUs, and \(online) are online"
        case .unknownResource(let name, let key, let origin):
            "\(key) has \(quoted(name)) (\(origin)), which cannot be reserved"
        case .enforcedWithoutGroup(let name, let key, let origin):
            "enforceNodeAllocatable has \(name) (\(origin)), and \(key) is not set"
        case .enforcedWithoutPodGroups(let name, let setting):
            "enforceNodeAllocatable has \(quoted(name)), and cgroupsPerQOS is false (\(setting.origin))"
        case .unknownEnforcement(let name, let origin):
            "enforceNodeAllocatable has \(quoted(name)) (\(origin)), which is unknown"
        }
    }

    var whatToDo: String {
        switch self {
        case .nothing: "set reservedSystemCPUs to the CPUs of the system, such as \"0-1\""
        case .namedWithGroup(_, let key, _):
            "remove \(key) and what enforces it, or reserve a count of CPUs in systemReserved"
        case .absent(let cpus, _): "remove \(cpus.title) from the list"
        case .offline(let cpus, _): "bring \(cpus.title) online before kubelet starts, or shorten the list"
        case .tooMany: "reserve fewer CPUs"
        case .unknownResource: "keep cpu, memory, ephemeral-storage and pid"
        case .enforcedWithoutGroup(let name, let key, _): "remove \(name) from enforceNodeAllocatable, or set \(key)"
        case .enforcedWithoutPodGroups: "set cgroupsPerQOS to true, or enforceNodeAllocatable to [none]"
        case .unknownEnforcement: "give some of: \(Enforcement.allCases.map(\.rawValue).joined(separator: ", "))"
        }
    }

    private static func naming(_ list: KubeletSetting<CPUList>) -> String {
        "reservedSystemCPUs is \(list.value.cpus) (\(list.origin))"
    }
}

/// Whose reservation a group enforces: the words of `enforceNodeAllocatable`.
enum Enforcement: String, CaseIterable {
    case pods
    case systemReserved = "system-reserved"
    case systemReservedCompressible = "system-reserved-compressible"
    case kubeReserved = "kube-reserved"
    case kubeReservedCompressible = "kube-reserved-compressible"
    case none
}

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

    private mutating func check(_ word: String, _ group: KubeletSetting<String>, _ key: String, _ origin: Origin) {
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

    private mutating func checkResources(_ key: String, _ reserved: [String: KubeletSetting<Quantity>]) {
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
