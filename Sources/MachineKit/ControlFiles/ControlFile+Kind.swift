// SPDX-License-Identifier: Apache-2.0

extension ControlFile {
    /// The kinds of file that rtshield writes; the journal and the ledger have them by these names.
    package enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
        // Of a cgroup.
        case cpus, mems, partition, reservedCPUs, subtreeControl, loadBalancing, realtimeBudget
        // Interrupts.
        case irqAffinity, defaultIRQAffinity
        // Work queues and network queues.
        case unboundWork, workqueue, receiveQueue, receiveQueues, transmitQueue
        // Of the whole machine.
        case timerMigration, statisticsInterval, watchdogCPUs, nmiWatchdog, numaBalancing, realtimeRuntime
        case machineCheckInterval, hugePages, samePageMerging
        // Of a CPU.
        case resumeLatency, governor, energyPerformance, cpuOnline

        /// Where files of this kind are, `*` standing for what they are about, and how they write their value down.
        ///
        /// The files of a cgroup are in its directory.
        package var row: (tree: Tree, path: String, format: ValueFormat) {
            switch self {
            case .cpus: (.cpuset, "cpuset.cpus", .list)
            case .mems: (.cpuset, "cpuset.mems", .list)
            case .partition: (.cpuset, "cpuset.cpus.partition", .partition)
            case .reservedCPUs: (.cpuset, "cpuset.cpus.exclusive", .list)
            case .subtreeControl: (.cpuset, "cgroup.subtree_control", .controller)
            case .loadBalancing: (.cpuset, "cpuset.sched_load_balance", .word)
            case .realtimeBudget: (.cpu, "cpu.rt_runtime_us", .word)
            case .irqAffinity: (.proc, "irq/*/smp_affinity_list", .list)
            case .defaultIRQAffinity: (.proc, "irq/default_smp_affinity", .mask)
            case .unboundWork: (.sys, "devices/virtual/workqueue/cpumask", .mask)
            case .workqueue: (.sys, "devices/virtual/workqueue/*/cpumask", .mask)
            case .receiveQueue: (.sys, "class/net/*/rps_cpus", .mask)
            case .receiveQueues: (.proc, "sys/net/core/rps_default_mask", .mask)
            case .transmitQueue: (.sys, "class/net/*/xps_cpus", .mask)
            case .timerMigration: (.proc, "sys/kernel/timer_migration", .word)
            case .statisticsInterval: (.proc, "sys/vm/stat_interval", .word)
            case .watchdogCPUs: (.proc, "sys/kernel/watchdog_cpumask", .list)
            case .nmiWatchdog: (.proc, "sys/kernel/nmi_watchdog", .word)
            case .numaBalancing: (.proc, "sys/kernel/numa_balancing", .word)
            case .realtimeRuntime: (.proc, "sys/kernel/sched_rt_runtime_us", .word)
            // Writing one CPU's file sets it for all (arch/x86/kernel/cpu/mce).
            case .machineCheckInterval: (.sys, "devices/system/machinecheck/machinecheck0/check_interval", .word)
            case .hugePages: (.sys, "kernel/mm/transparent_hugepage/enabled", .choice)
            case .samePageMerging: (.sys, "kernel/mm/ksm/run", .word)
            case .resumeLatency: (.sys, "devices/system/cpu/cpu*/power/pm_qos_resume_latency_us", .word)
            case .governor: (.sys, "devices/system/cpu/cpu*/cpufreq/scaling_governor", .word)
            case .energyPerformance: (.sys, "devices/system/cpu/cpu*/cpufreq/energy_performance_preference", .word)
            case .cpuOnline: (.sys, "devices/system/cpu/cpu*/online", .word)
            }
        }

        /// Whether files of this kind belong to a cgroup.
        package var isOfCgroup: Bool {
            switch self {
            case .cpus, .mems, .partition, .reservedCPUs, .subtreeControl, .loadBalancing, .realtimeBudget: true
            default: false
            }
        }
    }
}
