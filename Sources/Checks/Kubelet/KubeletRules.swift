// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// What is checked of kubelet.
    static let kubeletRules: [Rule] = [
        .kubeletFiles, .kubeletStart, .kubeletPolicy, .kubeletReservation, .kubeletIsolation, .kubeletSharedPool,
        .kubeletCounted, .kubeletCores, .kubeletNodes, .kubeletStrict, .kubeletDriver,
    ]

    /// Where Kubernetes tells of reserved CPUs.
    static let reservationManual =
        "https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/"
    /// Where Kubernetes tells of the CPU manager.
    static let managerManual = "https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/"
}
