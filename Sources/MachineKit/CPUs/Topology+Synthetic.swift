// SPDX-License-Identifier: Apache-2.0

extension Topology {
    /// Makes up a machine from a text such as `node:2 core:4 thread:2`: two nodes of four cores of two threads each.
    ///
    /// Each level counts what one of the level before it holds, and is 1 when it is left out. CPUs are numbered as x86
    /// firmware does: the first threads of all cores, node by node, then all second threads. The siblings of the
    /// example are 0 and 8, 1 and 9, and node 1 has 4-7,12-15. All CPUs are online and every node has memory.
    ///
    /// The result is nil when the text is not understood or has more CPUs than ``CPUSet`` holds.
    package init?(synthetic text: String) {
        var counts = ["node": 1, "core": 1, "thread": 1]
        var missing = ["node", "core", "thread"][...]
        for level in text.split(separator: " ") {
            let parts = level.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let position = missing.firstIndex(of: String(parts[0])),
                let count = Int(decimalDigits: parts[1].utf8), (1...CPUSet.highestNumber + 1).contains(count)
            else { return nil }
            counts[missing[position]] = count
            missing = missing[(position + 1)...]
        }
        guard missing.count < 3, let nodes = counts["node"], let cores = counts["core"], let threads = counts["thread"],
            nodes * cores * threads <= CPUSet.highestNumber + 1
        else { return nil }
        self.init(nodes: nodes, cores: cores, threads: threads)
    }

    private init(nodes: Int, cores: Int, threads: Int) {
        let firstThreads = nodes * cores
        let all = CPUSet(0...(firstThreads * threads - 1))
        var members: [Int: CPUSet] = [:]
        var siblings: [Int: CPUSet] = [:]
        for core in 0..<firstThreads {
            let cpus = CPUSet(stride(from: core, to: firstThreads * threads, by: firstThreads))
            members[core / cores, default: []].formUnion(cpus)
            for cpu in cpus { siblings[cpu] = cpus }
        }
        self.init(
            possible: all, present: all, online: all, nodes: members, siblings: siblings,
            allNodes: MemoryNodes(0...(nodes - 1)), nearestNodes: [:])
    }
}
