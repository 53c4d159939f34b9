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
