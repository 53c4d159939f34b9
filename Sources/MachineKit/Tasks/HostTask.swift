// SPDX-License-Identifier: Apache-2.0

/// One task (thread) and the CPUs it may use.
package struct HostTask: Hashable, Sendable {
    package var stat: TaskStat
    package var affinity: CPUSet

    package init(stat: TaskStat, affinity: CPUSet) {
        self.stat = stat
        self.affinity = affinity
    }

    package var id: Int32 { stat.id }

    /// Reads one task; nil when it is gone, or is a zombie, which runs nowhere.
    package init?(reading id: Int32, on machine: any Machine) {
        guard let stat = TaskStat(reading: id, on: machine), stat.state != "Z", stat.state != "X",
            let affinity = try? machine.affinity(of: id)
        else { return nil }
        self.init(stat: stat, affinity: affinity)
    }
}

extension Machine {
    /// The affinity of a task with the CPUs that are offline now, which sched_getaffinity(2) leaves out; nil when it is gone.
    package func wholeAffinity(of task: Int32) -> CPUSet? {
        guard let status = try? bytes(of: KernelFile(.proc, "\(task)/status")) else { return nil }
        // Bytes, because a create asks this of every kernel thread.
        let key = "Cpus_allowed_list:".utf8
        return status.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: key) }
            .flatMap { CPUSet(kernelList: String(decoding: $0.dropFirst(key.count), as: UTF8.self)) }
    }
}

extension Machine {
    /// Where the interrupt goes whose thread a task is (`irq/24-eth0`, threaded handlers); nil for any other task.
    package func interrupt(ofThread stat: TaskStat) -> CPUSet? {
        guard stat.isKernelThread, stat.name.hasPrefix("irq/"),
            let number = Int(stat.name.dropFirst(4).prefix { $0.isNumber })
        else { return nil }
        return textIfPresent(of: Interrupt.file(number)).flatMap { CPUSet(kernelList: $0) }
    }
}

extension TaskStat {
    /// Reads what the kernel says of a task; nil when it is gone.
    package init?(reading id: Int32, on machine: any Machine) {
        guard let bytes = try? machine.bytes(of: KernelFile(.proc, "\(id)/stat")) else { return nil }
        self.init(bytes)
    }
}

extension Machine {
    /// The ids of all tasks, threads included, in no particular order.
    package func taskIDs() -> [Int32] {
        let processes = (try? entries(of: KernelFile(.proc, ""), directoriesOnly: true)) ?? []
        var ids: Set<Int32> = []
        for process in processes.lazy.compactMap({ Int32($0) }) {
            ids.insert(process)
            let threads = (try? entries(of: KernelFile(.proc, "\(process)/task"), directoriesOnly: true)) ?? []
            ids.formUnion(threads.lazy.compactMap { Int32($0) })
        }
        return Array(ids)
    }

    /// The ids of kthreadd and its children, which are the kernel threads.
    ///
    /// The list may miss one while others end (proc(5)); nil when the kernel does not list children (CONFIG_PROC_CHILDREN).
    package func kernelThreadIDs() -> Set<Int32>? {
        guard let bytes = try? bytes(of: KernelFile(.proc, "2/task/2/children")), !bytes.isEmpty else { return nil }
        return Set(bytes.split(separator: UInt8(ascii: " ")).compactMap { Int32(decimalDigits: $0) }).union([2])
    }

    /// All tasks, threads included.
    ///
    /// The threads of a process are only listed where it has more than one, which spares a look at most processes. In a recording
    /// they stand beside the processes.
    package func tasks() -> [HostTask] {
        let processes = (try? entries(of: KernelFile(.proc, ""), directoriesOnly: true)) ?? []
        var tasks: [HostTask] = []
        for id in processes.lazy.compactMap({ Int32($0) }) {
            let leader = HostTask(reading: id, on: self)
            if let leader { tasks.append(leader) }
            // A leader that ended before its threads is a zombie until they are gone.
            guard leader.map({ $0.stat.threads > 1 }) ?? true else { continue }
            let threads = (try? entries(of: KernelFile(.proc, "\(id)/task"), directoriesOnly: true)) ?? []
            tasks += threads.lazy.compactMap { Int32($0) }.filter { $0 != id }
                .compactMap { HostTask(reading: $0, on: self) }
        }
        return tasks
    }
}
