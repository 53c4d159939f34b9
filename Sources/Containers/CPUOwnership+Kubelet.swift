// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

// Under Kubernetes kubelet gives CPUs out, or a DRA driver where kubelet's policy is none.

extension CPUOwnership {
    mutating func lookUnderKubelet(_ container: Container, _ request: CPURequest?, _ kubelet: KubeletCPUs?) {
        let cpus = container.spec.cpu.cpus
        if request == .exclusive {
            note(
                .annotation, nil,
                "\(AnnotationKey.cpus.key) says 'exclusive', but under Kubernetes a pod cannot decide that"
            )
        }
        if cpus.isEmpty {
            ruleOut(.cpus, "it was given no CPUs by number")
        } else {
            note(.cpus, nil, "it was given \(cpus.title), as the shared pool is under the static policy")
        }
        switch kubelet {
        case let kubelet? where kubelet.policy == "static": askCPUManager(kubelet, container, cpus)
        case let kubelet?:
            lookAtClaims(of: container, cpus, isKnownToCount: true)
            ruleOut(.cpuManager, "kubelet gives no container CPUs of its own: its policy is '\(kubelet.policy)'")
            compute(container, cpus)
        case nil:
            note(
                .cpuManager, nil,
                "what kubelet gave to whom is not known: there is no cpu_manager_state, or it cannot be read")
            lookAtClaims(of: container, cpus, isKnownToCount: false)
            if compute(container, cpus), !isDecided {
                confirm(.probable, cpus, .arithmetic, "all that can be computed speaks for CPUs of its own")
            }
        }
    }

    /// The word of whoever gives CPUs out.
    private mutating func askCPUManager(_ kubelet: KubeletCPUs, _ container: Container, _ cpus: CPUSet) {
        guard let own = kubelet.exclusive(to: container), !own.isEmpty else {
            ruleOut(.cpuManager, "kubelet's CPU manager has it in the shared pool, \(kubelet.shared)")
            compute(container, cpus)
            return
        }
        if own.isSubset(of: cpus) {
            confirm(.exclusive, own, .cpuManager, "kubelet's CPU manager gave it \(own.title)")
        } else {
            ruleOut(.cpuManager, "kubelet's CPU manager gave it \(own.title), and it does not have them all")
        }
        compute(container, cpus)
    }

    /// What a DRA driver put into the environment, where any image may write too.
    private mutating func lookAtClaims(of container: Container, _ cpus: CPUSet, isKnownToCount: Bool) {
        let prefix = "DRA_CPUSET_"
        var own: CPUSet = []
        for variable in container.spec.process?.env ?? [] where variable.hasPrefix(prefix) {
            guard let equals = variable.firstIndex(of: "="),
                let claimed = CPUSet(kernelList: variable[variable.index(after: equals)...])
            else { continue }
            own.formUnion(claimed)
        }
        guard !own.isEmpty else { return }
        guard own.isSubset(of: cpus) else {
            note(.claim, false, "\(prefix)… claims \(own.title), and it does not have them all")
            return
        }
        confirm(isKnownToCount ? .exclusive : .probable, own, .claim, "a DRA driver gave it \(own.title)")
    }

    /// Looks at what kubelet computed from the pod's requests.
    ///
    /// - Returns: Whether everything fits CPUs of its own. The first thing that does not decides.
    @discardableResult
    private mutating func compute(_ container: Container, _ cpus: CPUSet) -> Bool {
        let quality = container.pod?.quality
        let first = check(.quality, quality == .guaranteed, "its pod is \(quality?.title ?? "of unknown quality")")
        let shares = container.spec.cpu.shares ?? 0
        let whole = shares > 0 && shares % 1024 == 0
        let requested = shares / 1024
        let weight = whole ? "\(requested) whole CPUs" : "no whole number of CPUs"
        let second = check(.shares, whole, "its weight, \(shares), is that of \(weight)")
        guard whole else { return false }
        let third = check(.quota, container.spec.cpu.fits(requested), "its quota is \(container.spec.cpu.quotaTitle)")
        let fourth = check(.count, cpus.count == requested, "it has \(cpus.count) CPUs and requested \(requested)")
        return first && second && third && fourth
    }

    private mutating func check(_ condition: CPUOwnership.Condition, _ holds: Bool, _ text: String) -> Bool {
        if holds { note(condition, true, text) } else { ruleOut(condition, text) }
        return holds
    }
}

extension PodCgroup.Quality {
    fileprivate var title: String {
        switch self {
        case .guaranteed: "Guaranteed"
        case .burstable: "Burstable"
        case .besteffort: "BestEffort"
        }
    }
}

extension CPUResources {
    /// Whether the quota does not cut what was requested; from 1.33 on kubelet gives none with exclusive CPUs.
    fileprivate func fits(_ requested: UInt64) -> Bool {
        guard let quota, quota > 0 else { return true }
        let (full, overflows) = requested.multipliedReportingOverflow(by: period ?? 100_000)
        return !overflows && UInt64(quota) == full
    }

    fileprivate var quotaTitle: String {
        guard let quota, quota > 0 else { return "none" }
        return "\(quota) of \(period ?? 100_000) µs"
    }
}
