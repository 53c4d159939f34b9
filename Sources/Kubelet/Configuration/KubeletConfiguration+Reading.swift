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
        file: KubeletConfigurationFile?, dropIns: [KubeletConfigurationFile] = [],
        flags: KubeletFlags = KubeletFlags([])
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
        _ file: KubeletConfigurationFile?, _ dropIns: [KubeletConfigurationFile]
    ) throws(DocumentError) -> ConfigurationValue? {
        var root = try file.map { file throws(DocumentError) in try configuration(in: file, orConfigz: true) }
        let read = dropIns.filter { KubeletConfigurationFile.isDropIn($0.path) }
        for dropIn in read.sorted(by: { KubeletConfigurationFile.isRead($0.path, before: $1.path) }) {
            let patch = try configuration(in: dropIn, orConfigz: false)
            root = root?.merging(patch) ?? patch
        }
        return root
    }

    /// The configuration in a file; an answer of `/configz` has it one level deeper, without a kind in older versions.
    private static func configuration(
        in file: KubeletConfigurationFile, orConfigz: Bool
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

/// A file of kubelet's configuration as it was read: `--config`, or a drop-in below `--config-dir`.
package struct KubeletConfigurationFile: Hashable, Sendable {
    /// The most bytes that are read of a file.
    package static let largest = 1 << 20

    /// Where it is; messages name it so.
    package var path: String
    /// What it holds, in YAML or JSON.
    package var text: [UInt8]

    /// Names a file and what it holds.
    package init(path: String, text: [UInt8]) {
        self.path = path
        self.text = text
    }
}

extension KubeletConfigurationFile {
    /// Whether kubelet takes a file below its drop-in directory for a drop-in.
    package static func isDropIn(_ path: String) -> Bool {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? []
        return name.suffix(5).elementsEqual(".conf".utf8)
    }

    /// Whether kubelet reads one drop-in before another, which then wins.
    ///
    /// kubelet walks the directories, and what lies in `10` comes before `10.conf`.
    static func isRead(_ first: String, before second: String) -> Bool {
        let slash = UInt8(ascii: "/")
        return first.utf8.split(separator: slash).lexicographicallyPrecedes(second.utf8.split(separator: slash)) {
            $0.lexicographicallyPrecedes($1)
        }
    }
}
