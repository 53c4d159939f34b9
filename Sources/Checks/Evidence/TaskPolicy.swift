// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit

/// How the kernel schedules a task, as `/proc/PID/stat` has it.
struct TaskPolicy: Hashable, Sendable {
    /// From 1 to 99 for those in real time; 0 for all others.
    var priority: Int
    var policy: SchedulingPolicy

    /// Reads a task, or with a process one of its threads; nil when it is gone.
    init?(of task: Int32, in process: Int32? = nil, on machine: any Machine) {
        let path = process.map { "\($0)/task/\(task)/stat" } ?? "\(task)/stat"
        guard let bytes = try? machine.bytes(of: KernelFile(.proc, path)) else { return nil }
        self.init(bytes)
    }

    /// Reads the fields 40 and 41, counted behind the name, which may hold anything.
    init?(_ stat: [UInt8]) {
        guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(end + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        guard fields.count > 38, let priority = Int(String(decoding: fields[37], as: UTF8.self)),
            let policy = UInt32(String(decoding: fields[38], as: UTF8.self))
        else { return nil }
        self.priority = priority
        self.policy = SchedulingPolicy(rawValue: policy)
    }

    /// Whether it runs in real time, by priority.
    var isRealtime: Bool { policy == .fifo || policy == .roundRobin }

    /// How a person calls it.
    var title: String {
        switch policy {
        case .fifo: "fifo \(priority)"
        case .roundRobin: "rr \(priority)"
        case .deadline: "deadline"
        default: "no real-time policy"
        }
    }
}
