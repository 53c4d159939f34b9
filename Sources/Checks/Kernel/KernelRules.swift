// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

extension Rule {
    /// What is checked of the kernel: how it was built and booted, then how it is set.
    static let kernelRules: [Rule] = builtRules + bootRules + intentRules + setRules

    private static let builtRules: [Rule] = [
        .realtimeKernel, .keptAffinity, .realtimeGroups, .realtimeThrottling,
    ]

    /// The command line by itself.
    private static let bootRules: [Rule] = [
        .bootLists, .bootRepeats, .absentCPUs, .grantedIsolation, .grantedTickless, .callbackPolling,
        .kernelThreadOption,
        .foreignDrivers, .idleDriver, .machineChecksOff, .mitigations, .cgroupOptions,
    ]

    /// The command line against the CPUs that are meant to be quiet.
    private static let intentRules: [Rule] = [
        .bootRoom, .partitionRoom, .isolatedCPUs, .bootCPU, .ticks, .callbacks, .irqAffinity, .managedInterrupts,
        .workQueueOption,
        .tunedMask, .skewedTicks, .audit, .reservedPages, .profileArguments,
    ]

    /// What can be set while the machine runs.
    private static let setRules: [Rule] = [
        .splitCores, .sharedCores, .interrupts, .defaultInterruptMask, .workQueueMask, .receivedPackets, .sentPackets,
        .timerMigration, .expeditedGracePeriods, .lockupWatchdog, .lockupPanic, .hungTasks, .nmiWatchdog,
        .machineChecks,
        .clockSource, .clockWatchdog, .statistics, .transparentPages, .equalPages, .nodeBalancing, .swap, .governor,
        .turbo, .idleStates, .virtualMachines,
    ]
}

/// The pages of the kernel's documentation that rules rest on.
enum KernelPage {
    private static let root = "https://docs.kernel.org/"

    static let parameters = root + "admin-guide/kernel-parameters.html"
    static let kernelSettings = root + "admin-guide/sysctl/kernel.html"
    static let memorySettings = root + "admin-guide/sysctl/vm.html"
    static let watchdogs = root + "admin-guide/lockup-watchdogs.html"
    static let tickless = root + "timers/no_hz.html"
    static let interruptAffinity = root + "core-api/irq/irq-affinity.html"
    static let workQueues = root + "core-api/workqueue.html"
    static let realTime = root + "core-api/real-time/index.html"
    static let realtimeGroups = root + "scheduler/sched-rt-group.html"
    static let cgroups = root + "admin-guide/cgroup-v2.html"
    static let frequencies = root + "admin-guide/pm/cpufreq.html"
    static let idleStates = root + "admin-guide/pm/cpuidle.html"
    static let threadControl = root + "admin-guide/hw-vuln/l1tf.html"
    static let vulnerabilities = root + "admin-guide/hw-vuln/index.html"
    static let machineChecks = root + "arch/x86/x86_64/machinecheck.html"
    static let transparentPages = root + "admin-guide/mm/transhuge.html"
    static let hugePages = root + "admin-guide/mm/hugetlbpage.html"
    static let equalPages = root + "admin-guide/mm/ksm.html"
    static let packets = root + "networking/scaling.html"
    static let haltPolling = root + "virt/kvm/halt-polling.html"
}
