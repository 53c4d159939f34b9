// SPDX-License-Identifier: Apache-2.0

import Reports

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
