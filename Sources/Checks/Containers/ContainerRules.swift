// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// What is checked of containers that run.
    static let containerRules: [Rule] = [
        .containerConfigurations, .ledgerIsReadable, .sharedContainers, .ungranted, .unheardRequests,
        .grantsOfTheGone, .grantedCPUs, .grantedRealtime, .podNeighbours, .quotas,
    ]
}

extension Rule {
    /// How kubelet gives out CPUs.
    static let cpuManagerManual = "https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/"
    /// What a container's configuration holds.
    static let specManual = "https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md"
}
