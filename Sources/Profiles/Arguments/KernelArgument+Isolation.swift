// SPDX-License-Identifier: Apache-2.0

import MachineKit

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
