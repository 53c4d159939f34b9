// SPDX-License-Identifier: Apache-2.0

/// A request whole cores, wherever they are.
package struct CoreRequest: Hashable, Sendable {
    /// What becomes of the hardware threads of a core.
    package enum Threads: String, Hashable, Sendable, CaseIterable {
        /// All of them run programs.
        case pair
        /// One runs programs; the others are shielded too, and idle.
        case off
    }

    package var cores: Int
    /// The NUMA node they are to be on; nil for any.
    package var node: Int?
    package var threads: Threads

    package init(cores: Int, node: Int? = nil, threads: Threads = .pair) {
        self.cores = cores
        self.node = node
        self.threads = threads
    }
}

/// Tells why cores were chosen.
struct CoreReasons {
    let request: CoreRequest
    let chosen: [AvailableCores.Core]
    /// What is free where the request wants it.
    let free: [AvailableCores.Core]
    /// The best of what is free, which was chosen from.
    let pool: [AvailableCores.Core]
    let stock: AvailableCores
    let boot: BootOptions
    /// How many NUMA nodes have CPUs.
    let nodes: Int

    private var used: MemoryNodes { MemoryNodes(chosen.map(\.node)) }

    /// Which NUMA nodes; nothing when there is only one.
    var place: [String] {
        guard request.node == nil else { return ["on NUMA node \(used), as requested"] }
        guard nodes > 1 else { return [] }
        guard used.count == 1 else { return ["on NUMA nodes \(used): \(apart)"] }
        let all = chosen.count == 1 ? "on" : "all on"
        let away = used.contains(stock.bootNode) ? "" : ", away from CPU \(stock.bootCPU)"
        return ["\(all) NUMA node \(used)\(away)"]
    }

    /// Why one node did not do.
    private var apart: String {
        let fits = Dictionary(grouping: free, by: \.node).contains { $0.value.count >= request.cores }
        return fits ? "the CPUs of the boot options are spread over them" : "none has \(request.cores) free cores"
    }

    /// What the boot options do for them.
    var held: [String] {
        [("isolcpus=", boot.isolatedCPUs), ("nohz_full=", boot.nohzFull)].compactMap { option, held in
            let whole = chosen.filter { $0.threads.isSubset(of: held) }
            guard !whole.isEmpty else { return nil }
            if whole.count == chosen.count { return "already in \(option)" }
            let part = whole.reduce(into: CPUSet()) { $0.formUnion($1.threads) }
            return "CPU \(part) already in \(option)"
        }
    }

    /// Which cores were out of the question.
    var left: [String] {
        var reasons: [String] = []
        if used.contains(stock.bootNode) {
            let name = stock.bootCPU == 0 ? "CPU 0" : "CPU \(stock.bootCPU), the lowest online"
            reasons.append("not the core of \(name), where the work of the boot CPU stays")
        }
        if let kept = stock.kept {
            reasons.append("not the core of CPU \(kept.first ?? 0): one CPU outside isolcpus= must remain")
        }
        if !stock.incomplete.isEmpty {
            reasons.append("not CPU \(stock.incomplete), whose core has a thread that is offline")
        }
        return reasons
    }

    /// Why these of several that were as good.
    var rank: [String] {
        let rivals = pool.count { used.contains($0.node) }
        guard rivals > chosen.count else { return [] }
        let which = chosen.count == 1 ? "the highest" : "the highest neighbours"
        return ["\(which) of \(rivals) suitable cores: the system keeps the low ones"]
    }

    /// What becomes of the other threads.
    func idle(_ idle: CPUSet) -> [String] {
        guard request.threads == .off else { return [] }
        return idle.isEmpty
            ? ["each has one thread, so none has to idle"]
            : ["CPU \(idle) \(idle.count == 1 ? "is" : "are") shielded and idle: the other threads of these cores"]
    }
}
