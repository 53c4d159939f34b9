// SPDX-License-Identifier: Apache-2.0

import MachineKit

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
