// SPDX-License-Identifier: Apache-2.0

internal import JSON
package import MachineKit

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
