// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// Whether kubelet would start with a configuration, on a machine, over the state that it left there.
///
/// It is kubelet's own rules, as of 1.37, that are gone through; kubelet stops at the first that is broken, and this tells
/// them all. What depends on running pods cannot be told, nor whether a file can be read by kubelet.
package struct StartupCheck: Sendable {
    /// What was found, in the order in which kubelet would stumble over it.
    package private(set) var problems: [StartupProblem] = []

    let configuration: KubeletConfiguration
    let topology: Topology
    /// The CPUs that the static policy reserves.
    package let reservation: CPUReservation
    /// All memory of the machine in bytes; nil when it is not known.
    let totalMemory: UInt64?

    /// Goes through kubelet's rules.
    ///
    /// - Parameters:
    ///   - configuration: What kubelet goes by.
    ///   - cpuState: The CPU manager's state; nil when there is no file, which is how kubelet starts afresh.
    ///   - memoryState: The memory manager's state; nil when there is no file.
    ///   - topology: The machine.
    ///   - totalMemory: All its memory in bytes; without it, shares of it in `evictionHard` are not checked.
    package init(
        _ configuration: KubeletConfiguration, cpuState: CPUManagerState?, memoryState: MemoryManagerState?,
        topology: Topology, totalMemory: UInt64? = nil
    ) {
        self.configuration = configuration
        self.topology = topology
        self.totalMemory = totalMemory
        reservation = CPUReservation(configuration, topology: topology)
        checkPolicies()
        checkOptions()
        checkEnforcement()
        checkReservation()
        checkReservedMemory()
        if let cpuState { check(cpuState) }
        if let memoryState { check(memoryState) }
    }

    mutating func report(_ problem: StartupProblem) { problems.append(problem) }

    /// Whether the CPU manager gives CPUs to single containers.
    var isStatic: Bool { configuration.cpuManagerPolicy.value == "static" }

    /// The path of a file of kubelet's.
    func path(of name: String) -> String {
        let directory = configuration.rootDirectory.value
        return directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }
}

/// Why kubelet would not start, or would start and not keep CPUs apart.
package enum StartupProblem: Hashable, Sendable {
    /// A policy or an option of one cannot be.
    case policy(PolicyProblem)
    /// What is held back for the system cannot be.
    case reservation(ReservationProblem)
    /// The CPU manager's state does not fit; `file` is its path.
    case cpuState(CPUStateProblem, file: String)
    /// The memory manager cannot have what it is configured for.
    case memory(MemoryProblem)
    /// The memory manager's state does not fit; `file` is its path.
    case memoryState(MemoryStateProblem, file: String)

    /// One line without a full stop; paths in it are as they are, and may hold anything.
    package var what: String {
        switch self {
        case .policy(let problem): problem.what
        case .reservation(let problem): problem.what
        case .cpuState(let problem, let file): "\(file): \(problem.what)"
        case .memory(let problem): problem.what
        case .memoryState(let problem, let file): "\(file): \(problem.what)"
        }
    }

    /// What a person can do, in one line without a full stop.
    package var whatToDo: String {
        switch self {
        case .policy(let problem): problem.whatToDo
        case .reservation(let problem): problem.whatToDo
        case .cpuState(let problem, let file): problem.whatToDo ?? Self.renewal(of: file)
        case .memory(let problem): problem.whatToDo
        case .memoryState(_, let file): Self.renewal(of: file)
        }
    }

    /// Whether kubelet ends over it, and again each time that it is started.
    package var stopsKubelet: Bool {
        if case .cpuState(.exclusiveTwice, _) = self { false } else { true }
    }

    private static func renewal(of file: String) -> String {
        "drain the node, stop kubelet, remove \(file), and start kubelet"
    }
}
