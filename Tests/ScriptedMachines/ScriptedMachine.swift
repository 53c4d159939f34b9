// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import MachineKit
@testable import ShieldKit

/// A machine in memory that obeys the kernel's rules for cpusets, records what is done to it, and refuses on demand.
///
/// One test uses it from one thread.
final class ScriptedMachine: Machine, @unchecked Sendable {
    let layout: CgroupLayout?
    var isRecorded: Bool { false }
    var cpusets: Cpusets
    /// Files of all other trees.
    var texts: [KernelFile: String]
    var systemd: ScriptedSystemd?
    /// The irqbalance that runs.
    var irqbalance: ScriptedIrqbalance?
    var faults = Faults()
    /// Whether some rtshield has the machine for itself.
    var isLocked = false
    /// Every change that was made or refused, in order.
    private(set) var trace: [String] = []
    /// How tasks are scheduled that are not as any other, and the real-time priorities that processes may take.
    var scheduling: [Int32: Scheduling] = [:]
    var priorityLimits: [Int32: UInt64] = [:]
    /// How long was waited, and what programs took that were run.
    var uptime = Duration.zero
    /// How many files and directories were read.
    var reads = 0
    /// Is called after every change.
    var observer: (ScriptedMachine) -> Void = { _ in }

    init(layout: CgroupLayout?, cpusets: Cpusets, texts: [KernelFile: String]) {
        self.layout = layout
        self.cpusets = cpusets
        self.texts = texts
    }

    func path(of file: KernelFile) -> String {
        let top =
            switch file.tree {
            case .proc: "/proc"
            case .sys: "/sys"
            case .cpuset: layout?.mountPoint ?? ""
            case .cpu: layout?.budgetPoint ?? ""
            case .units: "/run/systemd/system"
            case .state: "/run/rtshield"
            case .services: "/var/lib"
            }
        return file.path.isEmpty ? top : top + "/" + file.path
    }

    /// Starts life again after a death, with no more faults.
    func revive() { faults = Faults() }

    func clearTrace() { trace = [] }

    /// Does something that changes the machine, unless it is to be refused.
    func change<Value>(
        _ verb: String, _ path: String, _ value: String? = nil, _ body: () throws(Errno) -> Value
    ) throws(Errno) -> Value {
        let line = [verb, path, value].compactMap(\.self).joined(separator: " ")
        do throws(Errno) {
            try faults.check(path)
            let result = try body()
            trace.append(line)
            observer(self)
            return result
        } catch {
            trace.append("\(line): \(error.name)")
            throw error
        }
    }
}
