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
