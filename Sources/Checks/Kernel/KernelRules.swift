// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// What is checked of the kernel.
    static let kernelRules: [Rule] = [
        .realtimeThrottling
    ]
}
