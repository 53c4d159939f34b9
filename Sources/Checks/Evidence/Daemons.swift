// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit

/// The programs of a machine that matter to a shield, and run.
struct Daemons: Sendable {
    /// One process.
    struct Daemon: Hashable, Sendable {
        var id: Int32
        /// As the kernel calls it, at most 15 bytes long.
        var name: String
        /// Its command line; empty where that is not known.
        var arguments: [String]
        /// The CPUs that its first thread may use.
        var affinity: CPUSet
        /// Its group in the cpuset hierarchy; nil when it is gone meanwhile.
        var group: CgroupPath?
    }

    private let found: [Daemon]

    /// The names of the programs that are looked for.
    static let names: Set = [
        "kubelet", "containerd", "dockerd", "crio", "podman", "irqbalance", "tuned", "stalld", "rtshield",
        "qemu-kvm", "qemu-system-x86", "qemu-system-aar",
    ]

    /// Looks for them among all processes of a machine.
    init(of machine: any Machine) {
        let processes = (try? machine.entries(of: KernelFile(.proc, ""), directoriesOnly: true)) ?? []
        found = processes.compactMap { Int32($0) }.sorted().compactMap { id in
            guard let stat = TaskStat(reading: id, on: machine), Self.names.contains(stat.name), !stat.isKernelThread,
                Self.isProcess(id, on: machine)
            else { return nil }
            return Daemon(
                id: id, name: stat.name, arguments: Self.arguments(of: id, on: machine),
                affinity: (try? machine.affinity(of: id)) ?? [],
                group: machine.layout.flatMap { machine.group(of: id, layout: $0) })
        }
    }

    /// Whether an id is that of a process: in a recording the threads of each lie beside it.
    private static func isProcess(_ id: Int32, on machine: any Machine) -> Bool {
        guard machine.isRecorded, let status = try? machine.text(of: KernelFile(.proc, "\(id)/status")),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Tgid:") })
        else { return true }
        return line.split(whereSeparator: \.isWhitespace).last.map(String.init) == "\(id)"
    }

    /// The words of a command line, which the kernel ends with a zero each.
    private static func arguments(of id: Int32, on machine: any Machine) -> [String] {
        let bytes = (try? machine.bytes(of: KernelFile(.proc, "\(id)/cmdline"))) ?? []
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The processes of one name, the oldest number first.
    subscript(name: String) -> [Daemon] { found.filter { $0.name == name } }

    /// Whether one of that name runs.
    func runs(_ name: String) -> Bool { found.contains { $0.name == name } }
}

extension Daemons.Daemon {
    /// What an argument is given, in its long form or its short one; nil without it.
    func value(of long: String, _ short: String) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument.hasPrefix(long + "=") { return String(argument.dropFirst(long.count + 1)) }
            if argument == long || argument == short { return arguments.dropFirst(index + 1).first }
        }
        return nil
    }
}

extension Daemons {
    /// The services that start containers.
    static let engineNames = ["dockerd", "containerd", "crio", "kubelet"]

    /// Those of them that run.
    var engines: [Daemon] { Self.engineNames.flatMap { self[$0] } }
}

extension TaskStat {
    /// Whether it runs in real time, by priority.
    var isRealtime: Bool { policy == .fifo || policy == .roundRobin }

    /// How a person calls the way in which it is scheduled.
    var schedulingTitle: String {
        switch policy {
        case .fifo, .roundRobin: "\(policy) \(realtimePriority)"
        case .deadline: "deadline"
        default: "no real-time policy"
        }
    }
}
