// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

extension CPUOwnership {
    /// Judges a container by what is known of it and of its machine.
    ///
    /// That a container has `cpus` proves nothing: kubelet's static policy gives the shared pool to all others by the same
    /// field. Who gives CPUs out is believed before what can be computed, and the weakest sign is never enough alone.
    ///
    /// - Parameters:
    ///   - container: The container.
    ///   - request: What its annotation `rtshield.io/cpus` says; see ``Requests``.
    ///   - surroundings: The machine.
    package init(on container: Container, request: CPURequest?, in surroundings: DecisionContext) {
        var judge = OwnershipEvidence()
        if let reason = container.sandboxReason {
            judge.decline(.sandbox, "it only holds its pod together: \(reason)")
        }
        if request == .shared {
            judge.decline(.annotation, "\(AnnotationKey.cpus.key) says 'shared'")
        }
        if container.isKubernetes {
            judge.judgeUnderKubelet(container, request, surroundings.kubelet)
        } else {
            judge.judgeAlone(container, request, surroundings.pool)
        }
        self = judge.verdict()
    }
}

// MARK: - Docker, Podman and runtimes by hand: the administrator of the machine gives CPUs out

extension OwnershipEvidence {
    fileprivate mutating func judgeAlone(_ container: Container, _ request: CPURequest?, _ pool: CPUSet?) {
        let cpus = container.spec.cpu.cpus
        if let parent = container.poolParent {
            let own = cpus.isEmpty ? pool ?? [] : cpus
            settle(.exclusive, own, .parent, "its group lies in the shield's pool: '\(parent)'")
        }
        if cpus.isEmpty {
            decline(.cpus, "it asks for no CPUs by number")
            return
        }
        note(.cpus, nil, "it asks for \(cpus.title), which anybody may")
        if request == .exclusive, pool.map(cpus.isSubset(of:)) ?? true {
            settle(.exclusive, cpus, .annotation, "\(AnnotationKey.cpus.key) says 'exclusive', and it names its CPUs")
        }
        guard let pool else {
            decline(.shield, "no CPU of this machine is shielded for containers")
            return
        }
        let others = cpus.subtracting(pool)
        if others.isEmpty {
            settle(.exclusive, cpus, .shield, "its CPUs are of the shield's for containers, \(pool)")
        } else {
            let verb = others.count == 1 ? "is" : "are"
            decline(.shield, "\(others.title) \(verb) not of the shield's for containers, \(pool)")
        }
    }
}

extension Container {
    /// The group of the pool that the container's is to lie in; nil when it lies elsewhere.
    fileprivate var poolParent: String? {
        guard let path = spec.cgroupsPath else { return nil }
        let parent = path.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        let names = parent.split(separator: "/")
        let isSlice = names.last(where: { $0.hasSuffix(".slice") })?.hasPrefix("rtshield-") ?? false
        let isDirect = CgroupPath(path).isWithin(CgroupfsPlacement.pool) && !path.utf8.contains(UInt8(ascii: ":"))
        return isSlice || isDirect ? parent : nil
    }
}
