// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// What is checked of the kernel: how it was built, then how it was booted.
    static let kernelRules: [Rule] = [
        .realtimeKernel, .keptAffinity, .realtimeGroups, .realtimeThrottling, .bootLists, .bootRepeats, .absentCPUs,
        .grantedIsolation, .grantedTickless, .bootRoom, .partitionRoom, .isolatedCPUs, .bootCPU, .ticks, .callbacks,
        .callbackPolling, .expeditedGracePeriods,
    ]
}
