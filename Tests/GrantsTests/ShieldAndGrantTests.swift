// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Grants beside a shield")
struct ShieldAndGrantTests {
    /// What may happen on a machine; each shield is followed by the grants, as the verbs have it.
    enum Event: String, Sendable, CustomStringConvertible {
        case create, resize, destroy, grant, release

        var description: String { rawValue }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var kind: ScriptedMachine.Kind
        var kernel: String
        /// The CPUs of the container; those of the shield are 2 to 3, and later 2 to 5.
        var cpus: CPUSet
        var events: [Event]

        var testDescription: String {
            "\(kind) \(kernel), CPUs \(cpus): \(events.map(\.rawValue).joined(separator: ", "))"
        }

        static let all = [ScriptedMachine.Kind.v1, .v2].flatMap { kind in
            ["6.1.0", "6.12.0"].flatMap { kernel in
                ([[2], [6], [3, 4], [4]] as [CPUSet]).flatMap { cpus in
                    orders.map { Case(kind: kind, kernel: kernel, cpus: cpus, events: $0) }
                }
            }
        }

        private static let orders =
            merged([.create, .destroy], [.grant, .release]) + merged([.create, .resize, .destroy], [.grant, .release])

        /// Every order that keeps that of either.
        private static func merged(_ left: [Event], _ right: [Event]) -> [[Event]] {
            guard let first = left.first, let other = right.first else { return [left + right] }
            return merged(Array(left.dropFirst()), right).map { [first] + $0 }
                + merged(left, Array(right.dropFirst())).map { [other] + $0 }
        }
    }

    private func request(_ cpus: CPUSet) -> ShieldRequest {
        var request = ShieldRequest(cpus: cpus)
        request.attributes.formUnion([.governor, .resumeLatency])
        return request
    }

    private func machine(_ kind: ScriptedMachine.Kind, kernel: String = "6.12.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: kernel)
        machine.addUsualNoise()
        machine.addKernelThreads()
        machine.addIrqbalance(banning: [7])
        for cpu in 0..<8 {
            machine.texts[KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/power/pm_qos_resume_latency_us")] = "0\n"
        }
        try machine.add(group: "/docker/plain", cpus: "0-7")
        return machine
    }

    private func play(_ event: Event, _ grant: Grant, on machine: ScriptedMachine) throws {
        switch event {
        case .create: try machine.create(request([2, 3]))
        case .resize: try machine.create(request([2, 3, 4, 5]))
        case .destroy: try machine.destroy()
        case .grant: try machine.give(grant)
        case .release:
            var granting = try machine.granting()
            try granting.release(grant.id)
        }
        if ![.grant, .release].contains(event) { try machine.followShield() }
        machine.irqbalance?.look()
    }

    private func isQuiet(_ cpus: CPUSet, on machine: ScriptedMachine) -> Bool {
        let irqs = [0, 24, 25, 26, 27].compactMap { CPUSet(kernelList: machine.irq($0)) }
        let mask = CPUSet(mask: machine.held(ControlFile.defaultIRQAffinity.location())) ?? cpus
        return irqs.count == 5 && (irqs + [mask]).allSatisfy { $0.isDisjoint(with: cpus) }
            && cpus.isSubset(of: machine.irqbalance?.banned ?? [])
    }

    /// Whether no kernel thread may use the CPUs that could leave them.
    private func isVacant(_ cpus: CPUSet, on machine: ScriptedMachine) -> Bool {
        machine.kernelThreads.allSatisfy { $0.value.isDisjoint(with: cpus) || $0.value.isSubset(of: cpus) }
    }

    @Test("shield and grant come and go in any order, and the machine is as at the very start", arguments: Case.all)
    func orders(_ test: Case) throws {
        let machine = try machine(test.kind, kernel: test.kernel)
        var grant = try machine.launchQuiet("a", cpus: test.cpus, process: 300)
        grant.features.merge(
            [.idleStates: .value("5"), .governor: .value("powersave"), .kernelThreads: .disabled]) { $1 }
        let before = machine.snapshot
        var shield: CPUSet = []
        var isGranted = false
        for event in test.events {
            try play(event, grant, on: machine)
            switch event {
            case .create: shield = [2, 3]
            case .resize: shield = [2, 3, 4, 5]
            case .destroy: shield = []
            case .grant: isGranted = true
            case .release: isGranted = false
            }
            let quiet = isGranted ? shield.union(test.cpus) : shield
            #expect(isQuiet(quiet, on: machine), "after \(event)")
            #expect(isVacant(quiet, on: machine), "after \(event): \(machine.kernelThreads)")
            for cpu in 0..<8 {
                let isOwn = isGranted && test.cpus.contains(cpu)
                let governor = isOwn ? "powersave" : shield.contains(cpu) ? "performance" : "schedutil"
                let file = KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/cpufreq/scaling_governor")
                #expect(machine.held(file) == governor, "CPU \(cpu) after \(event)")
            }
        }
        try machine.reconcile()
        #expect(machine.differences(from: before) == [])
    }

    @Test("while the shield keeps interrupts off the same CPUs no interrupt is read or written")
    func covered() throws {
        let machine = try machine(.v2)
        try machine.create(request([2, 3]))
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        machine.clearTrace()
        let reads = machine.reads
        try machine.give(grant)
        try machine.end(grant)
        #expect(!machine.trace.contains { $0.contains("/irq/") || $0.contains("irqbalance") })
        #expect(machine.reads - reads < 30)
    }

    @Test("a shield that leaves interrupts alone leaves them to the grants")
    func uncovered() throws {
        let machine = try machine(.v2)
        var request = request([2, 3])
        request.attributes = [.kernelThreads]
        try machine.create(request)
        let grant = try machine.launchQuiet("a", cpus: [2], process: 300)
        try machine.give(grant)
        #expect(machine.irq(24) == "0-1,3-7")
        try machine.end(grant)
        #expect(machine.irq(24) == "0-7")
    }

    @Test("an interrupt that a rule of the shield sends there stays")
    func rules() throws {
        let machine = try machine(.v2)
        var request = request([2, 3])
        request.irqRules = [IRQRule("eth0-*", cpus: [6])]
        try machine.create(request)
        let grant = try machine.launchQuiet("a", cpus: [6], process: 300)
        try machine.give(grant)
        #expect(machine.irq(24) == "6" && machine.irq(0) == "0-1,4-5,7")
        try machine.end(grant)
        try machine.destroy()
        try machine.followShield()
        #expect(machine.irq(24) == "0-7" && machine.irq(0) == "0-7")
    }
}
