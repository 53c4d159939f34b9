// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Text

extension KubeletConfiguration {
    /// Reads what kubelet goes by.
    ///
    /// - Parameters:
    ///   - file: The file of `--config`; nil when there is none. What a node answers to `/configz` is read too, and has
    ///     drop-ins and arguments in it already.
    ///   - dropIns: What lies below `--config-dir`, in any order; what kubelet would skip there is skipped here.
    ///   - flags: The arguments of kubelet, which win over all files.
    /// - Throws: ``KubeletConfigurationError`` with the first thing that is wrong.
    package init(
        file: ConfigurationFile?, dropIns: [ConfigurationFile] = [], flags: KubeletFlags = KubeletFlags([])
    ) throws(KubeletConfigurationError) {
        self.init()
        do throws(DocumentError) {
            if let root = try Self.merged(file, dropIns) { try read(ConfigurationReader(root)) }
        } catch {
            throw .file(error)
        }
        try apply(flags)
    }

    /// The file with its drop-ins over it; nil without either.
    private static func merged(
        _ file: ConfigurationFile?, _ dropIns: [ConfigurationFile]
    ) throws(DocumentError) -> ConfigurationValue? {
        var root = try file.map { file throws(DocumentError) in try configuration(in: file, orConfigz: true) }
        let read = dropIns.filter { ConfigurationFile.isDropIn($0.path) }
        for dropIn in read.sorted(by: { ConfigurationFile.isRead($0.path, before: $1.path) }) {
            let patch = try configuration(in: dropIn, orConfigz: false)
            root = root?.merging(patch) ?? patch
        }
        return root
    }

    /// The configuration in a file; an answer of `/configz` has it one level deeper, without a kind in older versions.
    private static func configuration(
        in file: ConfigurationFile, orConfigz: Bool
    ) throws(DocumentError) -> ConfigurationValue {
        let root = try ConfigurationValue(reading: file)
        let values = try root.mapping(of: "the file")
        if orConfigz, let inner = values["kubeletconfig"] { return inner }
        for (key, wanted) in [("kind", "KubeletConfiguration"), ("apiVersion", "kubelet.config.k8s.io/v1beta1")] {
            guard let value = values[key] else { throw root.error("\(key): \(wanted) is wanted here") }
            let text = try value.text(of: key)
            guard text == wanted else { throw value.error("\(key): \(wanted) is wanted, and this is \(quoted(text))") }
        }
        return root
    }
}

// MARK: - Keys

extension KubeletConfiguration {
    private mutating func read(_ reader: ConfigurationReader) throws(DocumentError) {
        try readCPUs(reader)
        try readReservations(reader)
        try readTopologyAndMemory(reader)
        cgroupDriver = try reader.text("cgroupDriver") ?? cgroupDriver
        cgroupRoot = try reader.text("cgroupRoot") ?? cgroupRoot
        cgroupsPerQOS = try reader.boolean("cgroupsPerQOS") ?? cgroupsPerQOS
        featureGates =
            try reader.settings("featureGates") { value, name throws(DocumentError) in try value.boolean(of: name) }
            ?? [:]
    }

    private mutating func readCPUs(_ reader: ConfigurationReader) throws(DocumentError) {
        cpuManagerPolicy = try reader.text("cpuManagerPolicy") ?? cpuManagerPolicy
        cpuManagerPolicyOptions =
            try reader.settings("cpuManagerPolicyOptions") { value, name throws(DocumentError) in
                try value.text(of: name)
            } ?? [:]
        let period = try reader.value("cpuManagerReconcilePeriod", as: "length of time such as 10s", Period.init)
        // Nothing means the default here.
        if let period, period.value.nanoseconds != 0 { cpuManagerReconcilePeriod = period }
        cpuCFSQuota = try reader.boolean("cpuCFSQuota") ?? cpuCFSQuota
        cpuCFSQuotaPeriod =
            try reader.value("cpuCFSQuotaPeriod", as: "length of time such as 100ms", Period.init) ?? cpuCFSQuotaPeriod
    }

    private mutating func readReservations(_ reader: ConfigurationReader) throws(DocumentError) {
        reservedSystemCPUs =
            try reader.value("reservedSystemCPUs", as: "CPU list", CPUList.init) ?? reservedSystemCPUs
        func amount(_ value: ConfigurationValue, _ name: String) throws(DocumentError) -> Quantity {
            try value.value(of: name, as: "amount that can be held back", Quantity.init(reserved:))
        }
        systemReserved = try reader.settings("systemReserved", amount) ?? [:]
        kubeReserved = try reader.settings("kubeReserved", amount) ?? [:]
        systemReservedCgroup = try reader.text("systemReservedCgroup") ?? systemReservedCgroup
        kubeReservedCgroup = try reader.text("kubeReservedCgroup") ?? kubeReservedCgroup
        enforceNodeAllocatable = try reader.texts("enforceNodeAllocatable") ?? enforceNodeAllocatable
    }

    private mutating func readTopologyAndMemory(_ reader: ConfigurationReader) throws(DocumentError) {
        topologyManagerPolicy = try reader.text("topologyManagerPolicy") ?? topologyManagerPolicy
        topologyManagerScope = try reader.text("topologyManagerScope") ?? topologyManagerScope
        memoryManagerPolicy = try reader.text("memoryManagerPolicy") ?? memoryManagerPolicy
        reservedMemory = try reader.memoryReservations("reservedMemory") ?? reservedMemory
        let eviction = try reader.settings("evictionHard") { value, name throws(DocumentError) in
            try value.text(of: name)
        }
        guard let eviction else { return }
        // Whoever tells one amount has to tell all of them, unless this says otherwise.
        let keepsDefaults = try reader.boolean("mergeDefaultEvictionSettings")?.value ?? false
        evictionHard = keepsDefaults ? evictionHard.merging(eviction) { $1 } : eviction
    }
}

extension Quantity {
    /// Reads an amount that can be held back: nothing, or more.
    init?(reserved text: String) {
        self.init(text)
        if isNegative { return nil }
    }
}
