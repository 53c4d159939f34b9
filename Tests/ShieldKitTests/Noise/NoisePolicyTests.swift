// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import Reports
@testable import ScriptedMachines

@Suite("What keeps a shield quiet")
struct QuietingTests {
    private static let everything = Set(NoiseSource.allCases)

    private func request(
        _ cpus: CPUSet = [2, 3, 4, 5], _ attributes: Set<NoiseSource> = NoiseSource.defaults, rules: [IRQRule] = [],
        placement: Placement = .open
    ) -> ShieldRequest {
        var request = ShieldRequest(cpus: cpus, placement: placement)
        request.attributes = attributes
        request.irqRules = rules
        return request
    }

    private func noisy(_ kind: ScriptedMachine.Kind = .v1, kernel: String = "6.1.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: kernel)
        machine.addUsualNoise()
        return machine
    }

    private func value(_ file: KernelFile, _ machine: ScriptedMachine) -> String {
        String((machine.texts[file] ?? "").trimmingASCIISpace())
    }

    private static let defaultMask = KernelFile(.proc, "irq/default_smp_affinity")
    private static let asked = KernelFile(.sys, "devices/virtual/workqueue/cpumask_requested")
    private static let migration = KernelFile(.proc, "sys/kernel/timer_migration")
    private static let interval = KernelFile(.proc, "sys/vm/stat_interval")

    // MARK: - Deciding

    @Test(
        "an interrupt loses the shielded CPUs, or goes to housekeeping when it had no other",
        arguments: [(0, "0-1,6-7"), (24, "0-1,6-7"), (25, "0-1,6-7"), (26, "0-1"), (27, "0-1,6-7")])
    func interrupts(irq: Int, mask: String) throws {
        let machine = try noisy()
        try machine.create(request())
        #expect(value(Interrupt.file(irq), machine) == mask)
    }

    @Test("an interrupt goes where a rule sends it, by its number or its name; the first rule counts")
    func rules() throws {
        let machine = try noisy()
        let rules = [IRQRule("eth0-rx-?", cpus: [4]), IRQRule("24", cpus: [5]), IRQRule("26", cpus: [2, 3])]
        try machine.create(request(rules: rules))
        #expect(value(Interrupt.file(24), machine) == "4")
        #expect(value(Interrupt.file(26), machine) == "2-3")
        try machine.destroy()
        #expect(value(Interrupt.file(26), machine) == "0-1")
    }

    @Test("a rule that names an absent CPU, or none, is refused", arguments: [[] as CPUSet, [8]])
    func impossibleRule(_ cpus: CPUSet) throws {
        let machine = try noisy()
        let refusal = ShieldRequestError.irqElsewhere(IRQRule("24", cpus: cpus), online: [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(throws: ShieldError.request(refusal)) {
            try machine.create(request(rules: [IRQRule("24", cpus: cpus)]))
        }
    }

    @Test("files that take masks get masks, and an empty mask stays empty")
    func masks() throws {
        let machine = try noisy()
        try machine.create(request([2, 3, 4, 5], NoiseSource.defaults.union([.xps])))
        #expect(value(Self.defaultMask, machine) == "000000c3")
        #expect(value(KernelFile(.sys, "devices/virtual/workqueue/cpumask"), machine) == "000000c3")
        #expect(value(KernelFile(.sys, "class/net/eth0/queues/rx-0/rps_cpus"), machine) == "000000c3")
        #expect(value(KernelFile(.sys, "class/net/lo/queues/rx-0/rps_cpus"), machine) == "00")
        #expect(value(KernelFile(.sys, "class/net/eth0/queues/tx-0/xps_cpus"), machine) == "00000003")
    }

    @Test("masks reach beyond 64 and 1,024 CPUs", arguments: [96, 1_200])
    func manyCPUs(count: Int) throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0", topology: "core:\(count)")
        machine.texts[Self.defaultMask] = CPUSet(0...(count - 1)).mask + "\n"
        machine.texts[Interrupt.file(30)] = "0-\(count - 1)\n"
        try machine.create(request(CPUSet(64...(count - 1))))
        #expect(CPUSet(mask: value(Self.defaultMask, machine)) == CPUSet(0...63))
        #expect(value(Interrupt.file(30), machine) == "0-63")
        try machine.destroy()
        #expect(CPUSet(mask: value(Self.defaultMask, machine)) == CPUSet(0...(count - 1)))
    }

    @Test("only attributes that were asked for are set")
    func attributes() throws {
        let machine = try noisy()
        try machine.create(request([2, 3, 4, 5], [.governor, .hugePages]))
        #expect(value(Interrupt.file(24), machine) == "0-7")
        #expect(value(Self.interval, machine) == "1")
        #expect(value(KernelFile(.sys, "devices/system/cpu/cpu3/cpufreq/scaling_governor"), machine) == "performance")
        #expect(value(KernelFile(.sys, "devices/system/cpu/cpu6/cpufreq/scaling_governor"), machine) == "schedutil")
        #expect(value(KernelFile(.sys, "kernel/mm/transparent_hugepage/enabled"), machine) == "madvise")
    }

    @Test(
        "since 6.8 the kernel itself keeps unbound work off an isolated partition",
        arguments: [("6.7.0", 1), ("6.8.0", 0)])
    func kernelsOwnExclusion(kernel: String, count: Int) throws {
        let machine = try noisy(.v2, kernel: kernel)
        let plan = try machine.plan(request(placement: .pool(balanced: false)))
        let queues = plan.steps.count {
            if case .tune(let tuning) = $0 { tuning.attribute == .workqueues } else { false }
        }
        #expect(queues == count)
    }

    @Test(
        "what the kernel does for an isolated partition is left to it, and said",
        arguments: [
            ("6.7.0", []), ("6.12.0", [.workqueues, .vmstat]), ("6.19.0", [.workqueues, .timerMigration, .vmstat]),
            ("7.2.0", [.workqueues, .kernelThreads, .timerMigration, .vmstat]),
        ] as [(String, [NoiseSource])])
    func leftToKernel(kernel: String, left: [NoiseSource]) throws {
        let machine = try noisy(.v2, kernel: kernel)
        let before = machine.snapshot
        let shielding = try ShieldOperations(machine)
        let plan = try shielding.plan(request(placement: .pool(balanced: false)))
        #expect(plan.shield.leftToKernel(on: shielding.host) == left)
        try machine.create(request(placement: .pool(balanced: false)))
        #expect(value(Self.migration, machine) == (left.contains(.timerMigration) ? "1" : "0"))
        #expect(value(Self.interval, machine) == (left.contains(.vmstat) ? "1" : "10"))
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
        // Load balancing goes on in the others, and the kernel does nothing for them.
        for placement in [Placement.open, .pool(balanced: true)] {
            let plan = try shielding.plan(request(placement: placement))
            #expect(plan.shield.leftToKernel(on: shielding.host) == [])
        }
    }

    @Test("unbound work keeps off what others isolate, and what was asked for is what is put back")
    func isolatedByOthers() throws {
        let machine = try noisy(.v2, kernel: "7.2.0")
        // The kernel narrows what is asked for to what is not isolated.
        let hold = { (asked: String, now: String) in
            machine.texts[Self.asked] = asked + "\n"
            machine.texts[ControlFile.unboundWork.location()] = now + "\n"
        }
        hold("ff", "ff")
        try machine.create(request())
        #expect(CPUSet(mask: value(ControlFile.unboundWork.location(), machine)) == CPUSet(mask: "c3"))
        try machine.add(group: "/foreign", cpus: "6")
        machine.cpusets.groups["/foreign"]?.partition = PartitionState(.isolated)
        hold("c3", "83")
        // Nothing drifted, nothing is written, and the isolated CPU stays so.
        let shielding = try ShieldOperations(machine)
        let journal = try #require(shielding.journal)
        #expect(Drift.found(on: machine, journal.applied).filter { $0.path.contains("workqueue") } == [])
        try machine.create(request())
        #expect(CPUSet(mask: value(ControlFile.unboundWork.location(), machine)) == CPUSet(mask: "83"))
        let report = try #require(try ShieldOperations(machine).destroy())
        #expect(CPUSet(mask: value(ControlFile.unboundWork.location(), machine)) == CPUSet(mask: "bf"))
        #expect(report.foreign.contains { $0.path.hasSuffix("workqueue/cpumask") && $0.why.contains("'ff'") })
    }

    @Test("a partition that was there first, and is gone at the end, takes nothing from unbound work")
    func isolatedBefore() throws {
        let machine = try noisy(.v2, kernel: "7.2.0")
        try machine.add(group: "/foreign", cpus: "6")
        machine.cpusets.groups["/foreign"]?.partition = PartitionState(.isolated)
        machine.texts[Self.asked] = "ff\n"
        machine.texts[ControlFile.unboundWork.location()] = "bf\n"
        try machine.create(request())
        #expect(CPUSet(mask: value(ControlFile.unboundWork.location(), machine)) == CPUSet(mask: "83"))
        machine.texts[Self.asked] = "83\n"
        machine.cpusets.groups["/foreign"]?.partition = PartitionState(.member)
        try machine.destroy()
        #expect(CPUSet(mask: value(ControlFile.unboundWork.location(), machine)) == CPUSet(mask: "ff"))
    }

    @Test("a pool that becomes isolated gives back what the kernel does from then on")
    func givenBack() throws {
        let machine = try noisy(.v2, kernel: "7.2.0")
        let before = machine.snapshot
        try machine.create(request(placement: .pool(balanced: true)))
        #expect(value(Self.migration, machine) == "0")
        try machine.create(request(placement: .pool(balanced: false)))
        #expect(value(Self.migration, machine) == "1")
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    // MARK: - Changing

    @Test("a resize starts from what there was before the first shield")
    func resize() throws {
        let machine = try noisy()
        let before = machine.snapshot
        try machine.create(request())
        try machine.create(request([2, 3]))
        #expect(value(Interrupt.file(24), machine) == "0-1,4-7")
        #expect(value(Interrupt.file(27), machine) == "4-5")
        try machine.create(request([2, 3], [.governor]))
        #expect(value(Interrupt.file(24), machine) == "0-7")
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test("what others changed is written again, and destroy still puts back what there was first")
    func drift() throws {
        let machine = try noisy()
        let before = machine.snapshot
        try machine.create(request())
        let size = try #require(machine.texts[Journal.file]).count
        for _ in 0..<3 {
            machine.texts[Interrupt.file(24)] = "0-7\n"
            machine.texts[Self.interval] = "3\n"
            #expect(try machine.create(request()).tuned.taken[.irqs]?.count == 1)
            #expect(value(Interrupt.file(24), machine) == "0-1,6-7")
        }
        #expect(machine.texts[Journal.file]?.count == size, "the journal grew")
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test("what somebody else set since is left by destroy, and named once")
    func foreign() throws {
        let machine = try noisy()
        try machine.create(request())
        try machine.create(request([2, 3]))
        machine.texts[Interrupt.file(24)] = "1\n"
        let report = try #require(try machine.destroy())
        #expect(report.foreign.map(\.path) == ["/proc/irq/24/smp_affinity_list"])
        #expect(value(Interrupt.file(24), machine) == "1")
    }

    @Test(
        "an interrupt that refuses is a fact, and only tried again when that may help",
        arguments: [(Errno.inputOutput, 0), (.notPermitted, 0), (.busy, 1), (.noSpace, 1)])
    func refusals(errno: Errno, attempts: Int) throws {
        let machine = try noisy()
        let before = machine.snapshot
        machine.faults.refusals = [("irq/24/smp_affinity_list", errno)]
        let report = try machine.create(request())
        #expect(report.tuned.refused[.irqs]?.map(\.errno) == [errno])
        machine.clearTrace()
        try machine.create(request())
        #expect(machine.trace.count { $0.contains("irq/24/") } == attempts)
        machine.faults = Faults()
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test("what is refused at every look is journaled once, and a refusal forgets nothing of the file")
    func repeatedRefusals() throws {
        let machine = try noisy()
        let before = machine.snapshot
        try machine.create(request())
        let file = Interrupt.file(24)
        machine.texts[file] = "3\n"
        machine.faults.refusals = [("irq/24/smp_affinity_list", .busy)]
        try machine.create(request())
        let size = try #require(machine.texts[Journal.file]).count
        for _ in 0..<3 { try machine.create(request()) }
        #expect(machine.texts[Journal.file]?.count == size, "the journal grew")
        machine.faults = Faults()
        try machine.create(request())
        #expect(try ShieldOperations(machine).journal?.applied.refused == [:])
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test("a value that follows a refused one is undone to what there was first")
    func afterRefusal() throws {
        let machine = try noisy()
        let before = machine.snapshot
        machine.faults.refusals = [("irq/24/smp_affinity_list", .busy)]
        try machine.create(request())
        machine.faults = Faults()
        try machine.create(request([2, 3]))
        #expect(value(Interrupt.file(24), machine) == "0-1,4-7")
        let report = try #require(try machine.destroy())
        #expect(report.foreign == [] && machine.differences(from: before) == [])
    }

    // MARK: - Births and losses

    @Test("an interrupt that is born under the shield is widened afterwards, one that was narrow is not")
    func heirs() throws {
        let machine = try noisy()
        machine.texts[Interrupt.file(28)] = "0-1,6-7\n"
        try machine.create(request())
        machine.texts[Interrupt.file(30)] = "0-1,6-7\n"
        machine.texts[Interrupt.file(31)] = "0-1,6-7\n"
        machine.texts[Interrupt.file(32)] = "6\n"
        try machine.create(request([2, 3]))
        machine.texts[Interrupt.file(33)] = "0-1,4-7\n"
        #expect(value(Interrupt.file(30), machine) == "0-1,4-7", "it grows with housekeeping")
        try machine.destroy()
        for irq in [30, 31, 33] { #expect(value(Interrupt.file(irq), machine) == "0-7") }
        #expect(value(Interrupt.file(28), machine) == "0-1,6-7")
        #expect(value(Interrupt.file(32), machine) == "6", "somebody moved it")
    }

    @Test("chasing timers loses neither the CPUs of v1 groups nor the place of an interrupt")
    func chase() throws {
        let machine = try noisy()
        try machine.add(group: "/app", cpus: "3")
        let before = machine.snapshot
        let shielding = try ShieldOperations(machine)
        var plan = try shielding.plan(request(rules: [IRQRule("24", cpus: [4])]))
        plan.steps.append(.cycleCPUs(plan.shield.cpus))
        #expect(try shielding.perform(plan).cycled == [2, 3, 4, 5])
        #expect(machine.cpusets.groups["/app"]?.cpus == [3])
        #expect(value(Interrupt.file(24), machine) == "4")
        #expect(value(Interrupt.file(26), machine) == "0-1")
        #expect(machine.texts[KernelFile(.sys, "devices/system/cpu/cpu3/online")] == "1\n")
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    // MARK: - Kernel threads

    @Test("the thread of an interrupt goes with it, and stays where a rule keeps the interrupt")
    func interruptThreads() throws {
        let machine = try noisy()
        machine.add(task: 40, "irq/24-eth0-rx-", parent: 2, flags: ScriptedTask.kernel)
        machine.add(task: 41, "irq/26-mmc", affinity: [5], parent: 2, flags: ScriptedTask.kernel)
        let before = machine.snapshot
        let report = try machine.create(request(rules: [IRQRule("24", cpus: [4])]))
        #expect(machine.cpusets.tasks[40]?.affinity == CPUSet(0...7))
        #expect(machine.cpusets.tasks[41]?.affinity == [0, 1])
        #expect(report.swept.staying[.interrupt] == ["irq/24-eth0-rx-"])
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test("kernel threads stay where they are when they are not wanted off")
    func withoutKernelThreads() throws {
        let machine = try noisy()
        machine.addUsualTasks()
        try machine.create(request([2, 3, 4, 5], NoiseSource.defaults.subtracting([.kernelThreads])))
        #expect(machine.cpusets.tasks[12]?.affinity == CPUSet(0...7))
        #expect(machine.cpusets.tasks[200]?.group == "/system")
    }
}
