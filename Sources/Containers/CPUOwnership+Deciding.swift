// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

extension CPUOwnership {
    /// Tells it of a container by what is known of it and of its machine.
    ///
    /// That a container has `cpus` proves nothing: kubelet's static policy gives the shared pool to all others by the same
    /// field. Who gives CPUs out is believed before what can be computed, and the weakest sign is never enough alone.
    ///
    /// - Parameters:
    ///   - container: The container.
    ///   - request: What its annotation `rtshield.io/cpus` says; see ``Requests``.
    ///   - context: The machine.
    package init(of container: Container, request: CPURequest?, in context: DecisionContext) {
        self.init()
        if let reason = container.sandboxReason {
            ruleOut(.sandbox, "it only holds its pod together: \(reason)")
        }
        if request == .shared {
            ruleOut(.annotation, "\(AnnotationKey.cpus.key) says 'shared'")
        }
        if container.isKubernetes {
            lookUnderKubelet(container, request, context.kubelet)
        } else {
            lookAlone(container, request, context.pool)
        }
    }
}

// MARK: - Docker, Podman and runtimes by hand: the administrator of the machine gives CPUs out

extension CPUOwnership {
    fileprivate mutating func lookAlone(_ container: Container, _ request: CPURequest?, _ pool: CPUSet?) {
        let cpus = container.spec.cpu.cpus
        if let parent = container.poolParent {
            let own = cpus.isEmpty ? pool ?? [] : cpus
            confirm(.exclusive, own, .parent, "its group lies in the shield's pool: '\(parent)'")
        }
        if cpus.isEmpty {
            ruleOut(.cpus, "it asks for no CPUs by number")
            return
        }
        note(.cpus, nil, "it asks for \(cpus.title), which anybody may")
        if request == .exclusive, pool.map(cpus.isSubset(of:)) ?? true {
            confirm(.exclusive, cpus, .annotation, "\(AnnotationKey.cpus.key) says 'exclusive', and it names its CPUs")
        }
        guard let pool else {
            ruleOut(.shield, "no CPU of this machine is shielded for containers")
            return
        }
        let others = cpus.subtracting(pool)
        if others.isEmpty {
            confirm(.exclusive, cpus, .shield, "its CPUs are of the shield's for containers, \(pool)")
        } else {
            let verb = others.count == 1 ? "is" : "are"
            ruleOut(.shield, "\(others.title) \(verb) not of the shield's for containers, \(pool)")
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
