// SPDX-License-Identifier: Apache-2.0

/// What a container requests, beyond CPUs: its annotations, and the scheduling that its configuration asks for.
package struct Requests: Hashable, Sendable {
    /// Which of its CPUs interrupts are to leave.
    package var irqs: InterruptRequest?
    /// Whether kernel threads that can be moved are to leave its CPUs.
    package var movesKernelThreads = false
    /// Whether the scheduler balances load over its CPUs; nil when that is left as it is.
    package var loadBalancing: Bool?
    /// Whether it wants no quota.
    package var endsQuota = false
    /// How deep its CPUs may sleep.
    package var idleStates: IdleStateRequest?
    /// The frequency governor of its CPUs.
    package var governor: String?
    /// Whether its CPUs are to be its own.
    package var cpus: CPURequest?
    /// The real-time scheduling that it asks for.
    package var realtime: RealtimeRequest?
    /// What its annotations do without, whatever others request.
    package var declined: Set<Feature> = []

    /// Requests for nothing.
    package init() {}
}

/// Which CPUs of a container interrupts are to leave.
package enum InterruptRequest: String, Hashable, Sendable, CaseIterable {
    /// All.
    case disable
    /// All but the first and the hardware threads of its core.
    case housekeeping
}

/// How deep the CPUs of a container may sleep.
package enum IdleStateRequest: Hashable, Sendable {
    /// As deep as they like.
    case enable
    /// Not at all.
    case disable
    /// So that they wake within this many microseconds.
    case maxLatency(Int32)

    /// What `pm_qos_resume_latency_us` of each CPU holds then, cpuidle(7) of the kernel's documentation.
    package var text: String {
        switch self {
        case .enable: "0"
        case .disable: "n/a"
        case .maxLatency(let microseconds): "\(microseconds)"
        }
    }
}

/// Whether the CPUs of a container are its own, as its annotation has it.
package enum CPURequest: String, Hashable, Sendable, CaseIterable {
    /// They are, where its administrator decides that: not under Kubernetes.
    case exclusive
    /// They are not, whatever speaks for it.
    case shared
}
