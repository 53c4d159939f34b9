// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports

// Arguments about ticks and clocks.

extension KernelArgument {
    static let skewTick = KernelArgument(
        name: "skew_tick", value: .word("1"),
        does: "lets CPUs tick at different moments",
        why: "ticks that come all at once wait for the same locks; it costs some power",
        runTime: .never, link: Link.parameters)

    static let nohz = KernelArgument(
        name: "nohz", value: .word("on"),
        does: "stops the tick of CPUs that are idle",
        why: "nohz_full= builds on it; it is the kernel's default, spelt out",
        runTime: .never, needs: "CONFIG_NO_HZ_COMMON", link: Link.noHz)

    static let tscReliable = KernelArgument(
        name: "tsc", value: .word("reliable"),
        does: "ends the watchdog that compares clocks on one CPU after the other, every half second",
        why: "it visits isolated CPUs too; a time stamp counter that is not sound goes unnoticed then",
        runTime: .never, vendors: [.intel, .amd], link: Link.parameters)
}

// Arguments that keep work of others off CPUs.

extension KernelArgument {
    static func nohzFull(_ cpus: CPUSet) -> KernelArgument {
        KernelArgument(
            name: "nohz_full", value: .cpus(cpus),
            does:
                "stops the tick of these CPUs while each runs one task, and keeps RCU callbacks, global timers and, from 5.9, "
                + "new kernel threads off them",
            why:
                "the tick interrupts a program that never sleeps some 250 times a second; each entry to the kernel costs a "
                + "little more in return",
            runTime: .never, since: KernelVersion(3, 10), needs: "CONFIG_NO_HZ_FULL", link: Link.noHz)
    }

    static func rcuNocbs(_ cpus: CPUSet) -> KernelArgument {
        KernelArgument(
            name: "rcu_nocbs", value: .cpus(cpus),
            does: "has threads of their own (rcuop/N) run the RCU callbacks of these CPUs",
            why:
                "a thread can be moved, a softirq cannot; nohz_full= implies it, and this still holds where the kernel is "
                + "built without that",
            runTime: .never("rtshield moves the threads off the shield (kernel-threads), but cannot make them"),
            needs: "CONFIG_RCU_NOCB_CPU", link: Link.perCPUThreads)
    }

    /// Only interrupts that the kernel manages: these CPUs stay in the scheduling domains.
    static func managedInterrupts(_ cpus: CPUSet) -> KernelArgument {
        KernelArgument(
            name: "isolcpus", value: .flagged(["managed_irq"], cpus),
            does:
                "keeps interrupts that the kernel manages, such as those of NVMe queues, off these CPUs where the queue "
                + "has another one",
            why:
                "nothing else moves them; the flag domain is left out, as these CPUs are to be balanced: without that the "
                + "threads of a container pile up on one of its CPUs",
            runTime: .never("the kernel refuses to move such an interrupt: EIO, from 6.12 EPERM"),
            since: KernelVersion(5, 6), needs: "CONFIG_CPU_ISOLATION", link: Link.isolation)
    }

    /// Interrupts that the kernel manages, and no scheduling domains either.
    static func isolatedDomain(_ cpus: CPUSet) -> KernelArgument {
        KernelArgument(
            name: "isolcpus", value: .flagged(["managed_irq", "domain"], cpus),
            does: "keeps managed interrupts off these CPUs, and tasks too, unless they are pinned to them",
            why: "each virtual CPU is pinned to one CPU, so there is nothing to balance",
            runTime: .never(
                "'rtshield create --isolated' ends balancing at run time, and undoes it; managed interrupts stay"),
            since: KernelVersion(5, 6), needs: "CONFIG_CPU_ISOLATION", link: Link.parameters)
    }

    static func irqaffinity(_ housekeeping: CPUSet) -> KernelArgument {
        KernelArgument(
            name: "irqaffinity", value: .cpus(housekeeping),
            does: "gives interrupts these CPUs as long as nobody says otherwise",
            why: "drivers ask for their interrupts before any service runs",
            runTime: .rtshield("moves those there are, and sets the default for those to come (irqs)"),
            link: Link.isolation)
    }

    /// Read by systemd; the kernel passes over names with a dot that are no module's.
    static func systemdAffinity(_ housekeeping: CPUSet) -> KernelArgument {
        KernelArgument(
            name: "systemd.cpu_affinity", value: .cpus(housekeeping),
            does: "has PID 1, and what it starts, run on these CPUs; systemd reads it, not the kernel",
            why: "kubelet reserves CPUs for the system, but puts nothing there",
            runTime: .rtshield("units by AllowedCPUs= on cgroup v2, groups and PID 1 itself on v1"),
            link: Link.systemd)
    }
}

// Arguments about frequencies and devices.

extension KernelArgument {
    static let intelPstateOff = KernelArgument(
        name: "intel_pstate", value: .word("disable"),
        does: "leaves frequencies to acpi-cpufreq, or to nobody",
        why: "a CPU that changes its frequency pauses",
        runTime: .rtshield("holds the highest frequency, under either driver (--with governor)"), vendors: [.intel],
        link: Link.intelPstate)

    static let amdPstateOff = KernelArgument(
        name: "amd_pstate", value: .word("disable"),
        does: "leaves frequencies to acpi-cpufreq, or to nobody",
        why: "a CPU that changes its frequency pauses",
        runTime: .rtshield("holds the highest frequency, under either driver (--with governor)"), vendors: [.amd],
        link: Link.amdPstate)

    static let intelIOMMU = KernelArgument(
        name: "intel_iommu", value: .word("on"),
        does: "switches the IOMMU on",
        why: "pods get network devices of their own through it (SR-IOV, VFIO)",
        runTime: .never, needs: "CONFIG_INTEL_IOMMU", vendors: [.intel], link: Link.parameters)

    static let iommuPassThrough = KernelArgument(
        name: "iommu", value: .word("pt"),
        does: "lets devices that the host keeps past the IOMMU",
        why: "they are not slowed down by a translation that only devices of pods need",
        runTime: .never, vendors: [.intel, .amd], link: Link.parameters)
}

// Arguments about what looks after the kernel itself.

extension KernelArgument {
    static let nosoftlockup = KernelArgument(
        name: "nosoftlockup", value: .none,
        does: "switches the detector of soft lockups off on every CPU",
        why: "a program that never yields is what it calls a lockup",
        runTime: .rtshield("keeps it off the shield, and on elsewhere (watchdog)"), link: Link.watchdogs)

    static let nmiWatchdog = KernelArgument(
        name: "nmi_watchdog", value: .word("0"),
        does: "switches the detector of hard lockups off on every CPU",
        why: "it interrupts by a performance counter, which nothing masks; a CPU that hangs is not noticed any more",
        runTime: .rtshield("when asked (--with nmi-watchdog)"), link: Link.watchdogs)

    static let machineChecksOff = KernelArgument(
        name: "mce", value: .word("off"),
        does: "switches machine checks off",
        why: "polling for corrected errors visits every CPU; memory that fails is not reported any more, nor contained",
        runTime: .rtshield("ends the polling alone (--with machine-check)"), vendors: [.intel, .amd],
        link: Link.parameters)

    static let rcuPriority = KernelArgument(
        name: "rcutree.kthread_prio", value: .word("11"),
        does: "runs the threads of RCU as SCHED_FIFO 11",
        why:
            "they run even while programs of a lower real-time priority never yield; otherwise memory that waits for RCU piles up",
        runTime: .other("chrt on rcuc/N, rcub/N and rcu_preempt"), link: Link.parameters)
}
