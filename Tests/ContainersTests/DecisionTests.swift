// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Containers
import ShieldKit
import Testing

@Suite("What is to be done for a container")
struct DecisionTests {
    private static let realtime = ["rtshield.io/rt-policy": "fifo", "rtshield.io/rt-priority": "5"]

    /// Decides on a container with the CPUs 2 to 5 in a shield, and as kubelet has it.
    private func decision(
        _ bundle: Bundle, _ annotations: [String: String] = [:], limits: RealtimeLimits = RealtimeLimits(),
        defaults: Requests = Requests()
    ) throws -> Decision {
        var bundle = bundle
        bundle.annotations.merge(annotations) { _, new in new }
        let context = DecisionContext(kubelet: try kubelet(), pool: [2, 3, 4, 5], housekeeping: [0, 1])
        return Decision(
            on: try bundle.container(), in: context, by: ContainerPolicy(realtime: limits, defaults: defaults))
    }

    private func limits(_ maxPriority: Int = 50, above: RealtimeLimits.Excess = .deny) -> RealtimeLimits {
        var limits = RealtimeLimits()
        (limits.maxPriority, limits.above) = (maxPriority, above)
        return limits
    }

    /// A container of the pod that shares its CPUs.
    private var sharing: Bundle {
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.container-name"] = "sidecar"
        bundle.cpu = #""shares": 512, "cpus": "0-1,6-11""#
        return bundle
    }

    @Test(
        "CPUs of its own are granted with all that it requests", arguments: [Bundle.docker(cpus: "2-3"), .containerd])
    func own(bundle: Bundle) throws {
        let decision = try decision(
            bundle, Self.realtime.merging(["irq-load-balancing.crio.io": "disable"]) { $1 }, limits: limits())
        #expect(decision.denial == nil && decision.notes == [] && decision.allocation.housekeeping.isEmpty)
        #expect(decision.allocation.cpus == [2, 3] && decision.allocation.features == [.irqs: .disable])
        #expect(decision.allocation.realtime == RealtimeGrant(policy: .fifo, priority: 5))
    }

    @Test("one that shares its CPUs and asks for real time is denied")
    func sharedRealtime() throws {
        let decision = try decision(.docker(cpus: "0-1"), Self.realtime, limits: limits())
        #expect(decision.denial?.hasPrefix("real-time scheduling is for containers with CPUs of their own; ") == true)
        #expect(decision.allocation.realtime == nil)
    }

    @Test("in a pod, whose annotations are for all of its containers, that is a remark")
    func sharedRealtimeInPod() throws {
        let decision = try decision(sharing, Self.realtime, limits: limits())
        #expect(decision.denial == nil && decision.allocation.realtime == nil && decision.allocation.cpus == [])
        #expect(decision.notes.count == 1)
        #expect(decision.notes[0].hasPrefix("real-time scheduling is for containers with CPUs of their own; "))
    }

    @Test(
        "what one that shares its CPUs requests about them is a remark that names the annotations",
        arguments: [true, false])
    func sharedRequests(isPod: Bool) throws {
        let annotations = ["cpu-quota.crio.io": "disable", "irq-load-balancing.crio.io": "disable"]
        let decision = try decision(isPod ? sharing : .docker(cpus: "0-1"), annotations)
        #expect(decision.denial == nil && decision.allocation.features == [:])
        #expect(decision.notes.count == 1)
        #expect(
            decision.notes[0].hasPrefix(
                "irq-load-balancing.crio.io, cpu-quota.crio.io: it has no CPUs of its own; "))
    }

    @Test("an annotation that cannot be understood denies, with the first of them")
    func problems() throws {
        let decision = try decision(
            .docker(cpus: "2"), ["cpu-quota.crio.io": "maybe", "irq-load-balancing.crio.io": "maybe"])
        #expect(
            decision.denial?.hasPrefix("irq-load-balancing.crio.io: 'maybe' is not understood; accepted are ") == true)
        #expect(
            decision.allocation.cpus == [] && decision.allocation.features == [:]
                && decision.allocation.housekeeping.isEmpty)
    }

    @Test("above the limits it is denied, shortened or left without, with the line that says why")
    func above() throws {
        let line = "priority 5 is above realtime.max-priority, 3"
        let bundle = Bundle.docker(cpus: "2-3")
        #expect(try decision(bundle, Self.realtime, limits: limits(3)).denial == line)
        let shortened = try decision(bundle, Self.realtime, limits: limits(3, above: .clamp))
        #expect(shortened.denial == nil && shortened.notes == [line] && shortened.allocation.realtime?.priority == 3)
        let without = try decision(bundle, Self.realtime, limits: limits(3, above: .ignore))
        #expect(without.denial == nil && without.notes == [line] && without.allocation.realtime == nil)
    }

    // MARK: - Housekeeping CPUs

    @Test(
        "who asks for no CPUs by number is kept off those of others",
        arguments: [("", true), ("0-1", false), ("2-3", false)])
    func keptOff(cpus: String, isKeptOff: Bool) throws {
        let decision = try decision(.docker(cpus: cpus))
        #expect(
            decision.allocation.housekeeping == (isKeptOff ? [0, 1] : []) && decision.denial == nil
                && decision.notes == [])
    }

    @Test("what holds a pod together is kept off, and is not asked for the pod's requests")
    func sandbox() throws {
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.container-type"] = "sandbox"
        bundle.cpu = #""shares": 2"#
        let decision = try decision(bundle, Self.realtime.merging(["cpu-quota.crio.io": "disable"]) { $1 })
        #expect(
            decision.allocation.housekeeping == [0, 1] && decision.denial == nil && decision.notes == []
                && decision.allocation.cpus == [])
    }

    // MARK: - What is requested all

    private var all: Requests {
        var requests = Requests()
        requests[.irqs] = .disable
        requests[.loadBalancing] = .disable
        requests[.kernelThreads] = .disable
        requests[.quota] = .disable
        requests[.idleStates] = .value("n/a")
        requests[.governor] = .value("performance")
        requests[.energyPerformance] = .value("performance")
        requests.realtime = RealtimeRequest(policy: .rr, priority: 4)
        return requests
    }

    @Test("who says nothing has what is requested all, within the limits")
    func defaults() throws {
        let silent = try decision(.docker(cpus: "2-3"), limits: limits(), defaults: all)
        #expect(
            silent.requests == all && silent.allocation.features == all.features
                && silent.allocation.realtime == RealtimeGrant(policy: .rr, priority: 4))
        #expect(try decision(.docker(cpus: "2-3"), defaults: all).denial?.contains("realtime.max-priority, 0") == true)
    }

    @Test("what an annotation says wins over what is requested all, also when it does without")
    func own() throws {
        let annotations = [
            "irq-load-balancing.crio.io": "housekeeping", "cpu-load-balancing.crio.io": "enable",
            "cpu-c-states.crio.io": "enable", "cpu-freq-governor.crio.io": "powersave", "rtshield.io/rt-priority": "9",
        ]
        let decision = try decision(.docker(cpus: "2-3"), annotations, limits: limits(), defaults: all)
        let features = decision.allocation.features
        #expect(features[.irqs] == .housekeeping && features[.idleStates] == .value("0"))
        #expect(features[.loadBalancing] == nil && decision.requests[.loadBalancing] == .enable)
        #expect(features[.governor] == .value("powersave") && features[.quota] == .disable)
        #expect(decision.requests.realtime == RealtimeRequest(priority: 9))
        #expect(features[.kernelThreads] == .disable)
        let without = [
            "irq-load-balancing.crio.io": "enable", "cpu-quota.crio.io": "enable",
            "rtshield.io/kernel-threads": "enable",
        ]
        let other = try self.decision(.docker(cpus: "2-3"), without, limits: limits(), defaults: all).allocation
        #expect(other.features[.kernelThreads] == nil && other.features[.irqs] == nil && other.features[.quota] == nil)
        #expect(other.features[.governor] == .value("performance"))
    }

    @Test("who shares CPUs has nothing of what is requested all, and no remark about it", arguments: [true, false])
    func sharedDefaults(isPod: Bool) throws {
        let decision = try decision(isPod ? sharing : .docker(cpus: "0-1"), limits: limits(), defaults: all)
        #expect(decision.outcome == .granted(Allocation()) && decision.notes == [])
    }

    // MARK: - What it relies on

    @Test("it needs what it was allowed, and nothing else")
    func needs() throws {
        let everything = try decision(.docker(cpus: "2-3"), limits: limits(), defaults: all)
        for feature in Feature.allCases { #expect(everything.allocation.needs(anyOf: [feature]) == (feature != .cpus)) }
        #expect(!everything.allocation.needs(anyOf: []))
        let kept = try decision(.docker())
        for feature in Feature.allCases { #expect(kept.allocation.needs(anyOf: [feature]) == (feature == .cpus)) }
        let balanced = try decision(.docker(cpus: "2"), ["cpu-load-balancing.crio.io": "enable"])
        #expect(!balanced.allocation.needs(anyOf: Set(Feature.allCases)))
    }
}
