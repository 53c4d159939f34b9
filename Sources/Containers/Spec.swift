// SPDX-License-Identifier: Apache-2.0

package import JSON
package import MachineKit

/// What rtshield reads of a container's `config.json`, the OCI runtime specification's configuration.
package struct Spec: Hashable, Sendable {
    /// The most bytes that are read of a configuration.
    package static let largest = 16 << 20

    /// The first process; nil in a configuration that starts none.
    package var process: ContainerProcess?
    /// Where the container's group is to be, in the spelling of the runtime's cgroup driver.
    package var cgroupsPath: String?
    /// What the container asks of the CPU controllers.
    package var cpu: CPUResources
    /// Which system calls its processes may make; nil when all.
    package var seccomp: Seccomp?
    /// Names and values that engines and people attached.
    package var annotations: [String: String]
    /// The hooks that are there already, as they are written.
    package var hooks: Node?

    /// Reads a configuration.
    ///
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(reading text: [UInt8]) throws(DocumentError) {
        let fields = try Fields(Document("config.json", text, limit: Self.largest))
        process = try fields.object("process").map { fields throws(DocumentError) in try ContainerProcess(fields) }
        let linux = try fields.object("linux")
        cgroupsPath = try linux?.string("cgroupsPath")
        cpu = try CPUResources(linux?.object("resources")?.object("cpu"))
        seccomp = try linux?.object("seccomp").map { fields throws(DocumentError) in try Seccomp(fields) }
        annotations = try fields.texts("annotations")
        hooks = try fields.object("hooks")?.node
    }
}

/// What a container asks of the CPU controllers: `linux.resources.cpu`.
package struct CPUResources: Hashable, Sendable {
    /// The weight of the container; a CPU that Kubernetes requests counts 1024.
    package var shares: UInt64?
    /// How many microseconds of each period it may run; negative for as many as there are.
    package var quota: Int64?
    /// The length of a period in microseconds.
    package var period: UInt64?
    /// The CPUs it may use; empty for those of its parent.
    package var cpus: CPUSet = []
    /// The NUMA nodes it may use; empty for those of its parent.
    package var mems: MemoryNodes = []
    /// How many microseconds of each ``realtimePeriod`` it may run in real time (cgroup v1).
    package var realtimeRuntime: Int64?
    /// The length of a real-time period in microseconds.
    package var realtimePeriod: UInt64?

    /// Asks for nothing.
    package init() {}

    init(_ fields: Fields?) throws(DocumentError) {
        guard let fields else { return }
        shares = try fields.integer("shares")
        quota = try fields.integer("quota")
        period = try fields.integer("period")
        cpus = try fields.numbers("cpus")
        mems = try fields.numbers("mems")
        realtimeRuntime = try fields.integer("realtimeRuntime")
        realtimePeriod = try fields.integer("realtimePeriod")
    }
}

extension Fields {
    /// A list of CPUs or NUMA nodes; an empty text is an empty set.
    func numbers(_ key: String) throws(DocumentError) -> CPUSet {
        try text(key, as: "CPU list") { CPUSet(kernelList: $0) } ?? []
    }
}
