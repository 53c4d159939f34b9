// SPDX-License-Identifier: Apache-2.0

extension KubeletConfiguration {
    /// Puts what arguments say in the place of what files say.
    mutating func apply(_ flags: KubeletFlags) throws(KubeletConfigurationError) {
        let reader = FlagReader(flags: flags)
        try applyCPUs(reader)
        try applyReservations(reader)
        reader.text("cgroup-driver", to: &cgroupDriver)
        reader.text("cgroup-root", to: &cgroupRoot)
        try reader.boolean("cgroups-per-qos", to: &cgroupsPerQOS)
        reader.text("root-dir", to: &rootDirectory)
        // What only files say about a feature stays.
        if let gates = try reader.pairs("feature-gates", { Bool(goText: $0) }, "truth value") {
            featureGates.merge(gates) { $1 }
        }
        reader.text("topology-manager-policy", to: &topologyManagerPolicy)
        reader.text("topology-manager-scope", to: &topologyManagerScope)
        reader.text("memory-manager-policy", to: &memoryManagerPolicy)
        if let reservations = try reader.memoryReservations("reserved-memory") { reservedMemory = reservations }
        if let eviction = try reader.pairs("eviction-hard", separator: "<", { $0 }, "text") { evictionHard = eviction }
    }

    private mutating func applyCPUs(_ reader: FlagReader) throws(KubeletConfigurationError) {
        reader.text("cpu-manager-policy", to: &cpuManagerPolicy)
        // kubelet takes one option an argument, so that a second one behind a comma is part of the first one's value.
        let options = try reader.pairs("cpu-manager-policy-options", isSplit: false, { $0 }, "text")
        cpuManagerPolicyOptions = options ?? cpuManagerPolicyOptions
        try reader.value("cpu-manager-reconcile-period", to: &cpuManagerReconcilePeriod, "length of time", Period.init)
        try reader.boolean("cpu-cfs-quota", to: &cpuCFSQuota)
        try reader.value("cpu-cfs-quota-period", to: &cpuCFSQuotaPeriod, "length of time", Period.init)
    }

    private mutating func applyReservations(_ reader: FlagReader) throws(KubeletConfigurationError) {
        try reader.value("reserved-cpus", to: &reservedSystemCPUs, "CPU list", CPUList.init)
        let noun = "amount that can be held back"
        systemReserved = try reader.pairs("system-reserved", Quantity.init(reserved:), noun) ?? systemReserved
        kubeReserved = try reader.pairs("kube-reserved", Quantity.init(reserved:), noun) ?? kubeReserved
        reader.text("system-reserved-cgroup", to: &systemReservedCgroup)
        reader.text("kube-reserved-cgroup", to: &kubeReservedCgroup)
        reader.list("enforce-node-allocatable", to: &enforceNodeAllocatable)
    }
}
