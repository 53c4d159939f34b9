// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Containers
import ShieldKit
import Testing

@Suite("What is to be done for a container")
struct AllowanceTests {
    private static let realtime = ["rtshield.io/rt-policy": "fifo", "rtshield.io/rt-priority": "5"]

    /// Decides on a container with the CPUs 2 to 5 in a shield, and as kubelet has it.
    private func allowance(
        _ bundle: Bundle, _ annotations: [String: String] = [:], limits: RealtimeLimits = RealtimeLimits(),
        rules: ContainerRules = ContainerRules()
    ) throws -> Allowed {
        var bundle = bundle
        bundle.annotations.merge(annotations) { _, new in new }
        let surroundings = DecisionContext(kubelet: try kubelet(), pool: [2, 3, 4, 5])
        return Allowed(ContainerDecision(of: try bundle.container(), in: surroundings, within: limits, by: rules))
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
        let allowance = try allowance(
            bundle, Self.realtime.merging(["irq-load-balancing.crio.io": "disable"]) { $1 }, limits: limits())
        #expect(allowance.denial == nil && allowance.remarks == [] && !allowance.isKeptOff)
        #expect(allowance.cpus == [2, 3] && allowance.requests.irqs == .disable)
        #expect(allowance.realtime == RealtimeGrant(policy: .fifo, priority: 5))
    }

    @Test("one that shares its CPUs and asks for real time is denied")
    func sharedRealtime() throws {
        let allowance = try allowance(.docker(cpus: "0-1"), Self.realtime, limits: limits())
        #expect(allowance.denial?.hasPrefix("real-time scheduling is for containers with CPUs of their own; ") == true)
        #expect(allowance.realtime == nil)
    }

    @Test("in a pod, whose annotations are for all of its containers, that is a remark")
    func sharedRealtimeInPod() throws {
        let allowance = try allowance(sharing, Self.realtime, limits: limits())
        #expect(allowance.denial == nil && allowance.realtime == nil && allowance.cpus == [])
        #expect(allowance.remarks.count == 1)
        #expect(allowance.remarks[0].hasPrefix("real-time scheduling is for containers with CPUs of their own; "))
    }

    @Test(
        "what one that shares its CPUs requests about them is a remark that names the annotations",
        arguments: [true, false])
    func sharedFavours(isPod: Bool) throws {
        let annotations = ["cpu-quota.crio.io": "disable", "irq-load-balancing.crio.io": "disable"]
        let allowance = try allowance(isPod ? sharing : .docker(cpus: "0-1"), annotations)
        #expect(allowance.denial == nil && allowance.requests == Requests())
        #expect(allowance.remarks.count == 1)
        #expect(
            allowance.remarks[0].hasPrefix(
                "irq-load-balancing.crio.io, cpu-quota.crio.io: it has no CPUs of its own; "))
    }

    @Test("an annotation that cannot be understood denies, with the first of them")
    func problems() throws {
        let allowance = try allowance(
            .docker(cpus: "2"), ["cpu-quota.crio.io": "maybe", "irq-load-balancing.crio.io": "maybe"])
        #expect(
            allowance.denial?.hasPrefix("irq-load-balancing.crio.io: 'maybe' is not understood; accepted are ") == true)
        #expect(allowance.cpus == [] && allowance.requests == Requests() && !allowance.isKeptOff)
    }

    @Test("above the limits it is denied, shortened or left without, with the line that says why")
    func above() throws {
        let line = "priority 5 is above realtime.max-priority, 3"
        let bundle = Bundle.docker(cpus: "2-3")
        #expect(try allowance(bundle, Self.realtime, limits: limits(3)).denial == line)
        let shortened = try allowance(bundle, Self.realtime, limits: limits(3, above: .clamp))
        #expect(shortened.denial == nil && shortened.remarks == [line] && shortened.realtime?.priority == 3)
        let without = try allowance(bundle, Self.realtime, limits: limits(3, above: .ignore))
        #expect(without.denial == nil && without.remarks == [line] && without.realtime == nil)
    }

    // MARK: - Being kept off

    @Test(
        "who asks for no CPUs by number is kept off those of others",
        arguments: [("", true), ("0-1", false), ("2-3", false)])
    func keptOff(cpus: String, isKeptOff: Bool) throws {
        let allowance = try allowance(.docker(cpus: cpus))
        #expect(allowance.isKeptOff == isKeptOff && allowance.denial == nil && allowance.remarks == [])
    }

    @Test("what holds a pod together is kept off, and is not asked for the pod's requests")
    func sandbox() throws {
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.container-type"] = "sandbox"
        bundle.cpu = #""shares": 2"#
        let allowance = try allowance(bundle, Self.realtime.merging(["cpu-quota.crio.io": "disable"]) { $1 })
        #expect(allowance.isKeptOff && allowance.denial == nil && allowance.remarks == [] && allowance.cpus == [])
    }

    // MARK: - What is requested all

    private var rules: ContainerRules {
        var rules = ContainerRules()
        rules.defaults.irqs = .disable
        rules.defaults.loadBalancing = false
        rules.defaults.movesKernelThreads = true
        rules.defaults.endsQuota = true
        rules.defaults.idleStates = .disable
        rules.defaults.governor = "performance"
        rules.defaults.realtime = RealtimeRequest(policy: .rr, priority: 4)
        return rules
    }

    @Test("who says nothing has what is requested all, within the limits")
    func defaults() throws {
        let silent = try allowance(.docker(cpus: "2-3"), limits: limits(), rules: rules)
        #expect(silent.requests == rules.defaults && silent.realtime == RealtimeGrant(policy: .rr, priority: 4))
        #expect(try allowance(.docker(cpus: "2-3"), rules: rules).denial?.contains("realtime.max-priority, 0") == true)
    }

    @Test("what an annotation says wins over what is requested all, also when it does without")
    func own() throws {
        let annotations = [
            "irq-load-balancing.crio.io": "housekeeping", "cpu-load-balancing.crio.io": "enable",
            "cpu-c-states.crio.io": "enable", "cpu-freq-governor.crio.io": "powersave", "rtshield.io/rt-priority": "9",
        ]
        let requests = try allowance(.docker(cpus: "2-3"), annotations, limits: limits(), rules: rules).requests
        #expect(requests.irqs == .housekeeping && requests.loadBalancing == true && requests.idleStates == .enable)
        #expect(
            requests.governor == "powersave" && requests.realtime == RealtimeRequest(priority: 9) && requests.endsQuota)
        #expect(requests.movesKernelThreads)
        let without = [
            "irq-load-balancing.crio.io": "enable", "cpu-quota.crio.io": "enable",
            "rtshield.io/kernel-threads": "enable",
        ]
        let other = try allowance(.docker(cpus: "2-3"), without, limits: limits(), rules: rules).requests
        #expect(!other.movesKernelThreads)
        #expect(other.irqs == nil && !other.endsQuota && other.governor == "performance")
    }

    @Test("who shares CPUs has nothing of what is requested all, and no remark about it", arguments: [true, false])
    func sharedDefaults(isPod: Bool) throws {
        let allowance = try allowance(isPod ? sharing : .docker(cpus: "0-1"), limits: limits(), rules: rules)
        #expect(allowance == Allowed.nothing)
    }

    // MARK: - What it relies on

    @Test("it needs what it was allowed, and nothing else")
    func needs() throws {
        let everything = try allowance(.docker(cpus: "2-3"), limits: limits(), rules: rules)
        for concern in Feature.allCases { #expect(everything.needs(anyOf: [concern]) == (concern != .cpus)) }
        #expect(!everything.needs(anyOf: []))
        let kept = try allowance(.docker())
        for concern in Feature.allCases { #expect(kept.needs(anyOf: [concern]) == (concern == .cpus)) }
        let balanced = try allowance(.docker(cpus: "2"), ["cpu-load-balancing.crio.io": "enable"])
        #expect(!balanced.needs(anyOf: Set(Feature.allCases)))
    }
}

extension Allowed {
    /// Nothing, for a container that asked for CPUs which are not its own.
    fileprivate static var nothing: Allowed? {
        guard let container = try? Bundle.docker(cpus: "0").container() else { return nil }
        return Allowed(ContainerDecision(of: container, in: DecisionContext(), within: RealtimeLimits()))
    }
}
