// SPDX-License-Identifier: Apache-2.0

extension Topology {
    /// Reads a topology through `read` and `list`, whose paths are relative to `/sys`.
    ///
    /// Files may be missing: a recorded machine may lack some, a kernel without NUMA has no node directory, and a CPU
    /// that is offline has no topology.
    ///
    /// - Parameters:
    ///   - read: The text of a file, nil when there is none.
    ///   - list: The names in a directory, none when there is no directory.
    package init(reading read: (String) -> String?, list: (String) -> [String]) {
        func cpus(_ path: String) -> CPUSet? { read(path).flatMap { CPUSet(kernelList: $0) } }

        let cpu = "devices/system/cpu"
        let numbered = CPUSet(list(cpu).compactMap { Self.number(of: $0, after: "cpu") })
        let present = cpus("\(cpu)/present") ?? cpus("\(cpu)/online") ?? numbered
        self.present = present
        online = cpus("\(cpu)/online") ?? present
        possible = cpus("\(cpu)/possible") ?? present
        siblings = [:]
        nodes = [:]
        allNodes = []
        nearestNodes = [:]
        readSiblings { cpus("\(cpu)/cpu\($0)/topology/\($1)") }
        readNodes(reading: read, list: list)
    }

    /// Asks once a core: all its threads have the same list.
    ///
    /// Kernels from 5.3 also call the list `core_cpus_list`.
    private mutating func readSiblings(list: (_ cpu: Int, _ file: String) -> CPUSet?) {
        for cpu in online where siblings[cpu] == nil {
            var core = list(cpu, "thread_siblings_list") ?? list(cpu, "core_cpus_list") ?? []
            core.insert(cpu)
            for thread in core.intersection(online) { siblings[thread] = core.intersection(online) }
        }
    }

    private mutating func readNodes(reading read: (String) -> String?, list: (String) -> [String]) {
        let directory = "devices/system/node"
        let numbers = CPUSet(list(directory).compactMap { Self.number(of: $0, after: "node") })
        guard !numbers.isEmpty else {
            (nodes, allNodes) = ([0: online], [0])
            return
        }
        for node in numbers {
            nodes[node] = read("\(directory)/node\(node)/cpulist").flatMap { CPUSet(kernelList: $0) } ?? []
        }
        let memory = read("\(directory)/has_memory").flatMap { MemoryNodes(kernelList: $0) } ?? []
        allNodes = memory.isEmpty ? numbers : memory
        for node in numbers.subtracting(allNodes) {
            guard let distances = read("\(directory)/node\(node)/distance") else { continue }
            nearestNodes[node] = Self.nearest(of: allNodes, among: numbers, distances: distances)
        }
    }

    /// Picks the nodes of `wanted` with the smallest distance; there is one distance for each of `nodes`, in order.
    private static func nearest(of wanted: MemoryNodes, among nodes: MemoryNodes, distances: String) -> MemoryNodes? {
        let distances = distances.split(whereSeparator: \.isWhitespace).map { Int(decimalDigits: $0.utf8) }
        guard distances.count == nodes.count else { return nil }
        let known = zip(nodes, distances).compactMap { node, distance in distance.map { (node: node, distance: $0) } }
            .filter { wanted.contains($0.node) }
        let smallest = known.map(\.distance).min()
        return MemoryNodes(known.filter { $0.distance == smallest }.map(\.node))
    }

    /// Reads the number of a directory such as `cpu12`; nil for `cpufreq`.
    private static func number(of name: String, after prefix: String) -> Int? {
        guard name.hasPrefix(prefix), let number = Int(decimalDigits: name.utf8.dropFirst(prefix.utf8.count)),
            number <= CPUSet.highestNumber
        else { return nil }
        return number
    }
}
