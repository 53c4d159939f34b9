// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit

extension ScriptedMachine {
    // MARK: - Reading

    func bytes(of file: KernelFile) throws(FileError) -> [UInt8] {
        reads += 1
        return try attempt(.read, file) { () throws(Errno) in Array(try text(file).utf8) }
    }

    func entries(of directory: KernelFile, directoriesOnly: Bool) throws(FileError) -> [String] {
        reads += 1
        return try attempt(.list, directory) { () throws(Errno) in
            try faults.checkAlive()
            if directory.tree == .cpuset {
                _ = try cpusets.group(CgroupPath(directory.path))
                return cpusets.children(of: CgroupPath(directory.path)).map(\.name)
            }
            if directory.tree == .proc, let names = processEntries(directory.path) { return names }
            let inside = texts.keys.filter { $0.tree == directory.tree && $0.path.hasPrefix(directory.path + "/") }
            guard !inside.isEmpty else { throw .noSuchFileOrDirectory }
            return Set(inside.map { String($0.path.dropFirst(directory.path.count + 1).prefix { $0 != "/" }) }).sorted()
        }
    }

    /// `/proc` and `/proc/PID/task`; nil for other directories.
    private func processEntries(_ path: String) -> [String]? {
        let words = path.split(separator: "/")
        if words.isEmpty { return Set(cpusets.tasks.values.map(\.process)).map { "\($0)" } + ["self", "irq"] }
        guard words.count == 2, words[1] == "task", let process = Int32(words[0]) else { return nil }
        return cpusets.tasks.values.filter { $0.process == process }.map { "\($0.id)" }
    }

    private func text(_ file: KernelFile) throws(Errno) -> String {
        try faults.checkAlive()
        let words = file.path.split(separator: "/")
        if file.tree == .cpuset {
            return try cpusets.read(String(words.last ?? ""), of: CgroupPath(file.path).parent)
        }
        if file.tree == .proc, words.count == 2, let task = Int32(words[0]).flatMap({ cpusets.tasks[$0] }) {
            switch words[1] {
            case "stat": return task.stat
            case "cgroup":
                return cpusets.version == .v1 ? "4:cpuset:\(task.group)\n3:cpu:\(task.group)\n" : "0::\(task.group)\n"
            default: break
            }
        }
        guard let text = texts[file] else { throw .noSuchFileOrDirectory }
        return text
    }

    func affinity(of task: Int32) throws(Errno) -> CPUSet {
        try faults.checkAlive()
        return try cpusets.affinity(of: task)
    }

    // MARK: - Writing

    func write(_ value: String, to file: KernelFile) throws(FileError) {
        try attempt(.write, file, value: value) { () throws(Errno) in
            try change("write", path(of: file), "'\(value)'") { () throws(Errno) in
                if file.tree != .cpuset { return try tune(value, file) }
                try cpusets.write(value, to: CgroupPath(file.path).name, of: CgroupPath(file.path).parent)
            }
        }
    }

    func write(each values: [Int32], to file: KernelFile) throws(FileError) -> [(value: Int32, errno: Errno)] {
        try attempt(.moveTask, file) { () throws(Errno) in _ = try text(file) }
        var refused: [(value: Int32, errno: Errno)] = []
        for value in values {
            do throws(Errno) {
                try change("move", path(of: file), "\(value)") { () throws(Errno) in
                    try cpusets.write("\(value)", to: CgroupPath(file.path).name, of: CgroupPath(file.path).parent)
                }
            } catch {
                refused.append((value, error))
            }
        }
        return refused
    }

    func makeDirectory(_ directory: KernelFile) throws(FileError) {
        try attempt(.create, directory) { () throws(Errno) in
            try change("mkdir", path(of: directory)) { () throws(Errno) in
                try cpusets.makeDirectory(CgroupPath(directory.path))
            }
        }
    }

    func removeDirectory(_ directory: KernelFile) throws(FileError) {
        try attempt(.remove, directory) { () throws(Errno) in
            try change("rmdir", path(of: directory)) { () throws(Errno) in
                try cpusets.removeDirectory(CgroupPath(directory.path))
            }
        }
    }

    /// Takes the lock; where another has it nothing ends waiting but what ends the program.
    func lock(onWait: () -> Void) throws(FileError) -> StateLock {
        try attempt(.open, KernelFile(.state, "lock")) { () throws(Errno) in
            try faults.checkAlive()
            guard isLocked else { return }
            onWait()
            throw .interrupted
        }
        isLocked = true
        return StateLock { self.isLocked = false }
    }

    func setAffinity(_ cpus: CPUSet, of task: Int32) throws(Errno) {
        try change("affinity", "\(task)", "\(cpus)") { () throws(Errno) in try cpusets.setAffinity(cpus, of: task) }
    }

    // MARK: - Scheduling

    func scheduling(of task: Int32) throws(Errno) -> Scheduling {
        guard cpusets.tasks[task] != nil else { throw .noSuchProcess }
        return self.scheduling[task] ?? Scheduling()
    }

    func setScheduling(_ scheduling: Scheduling, of task: Int32) throws(Errno) {
        try change("schedule", "\(task)", "\(scheduling.policy) \(scheduling.priority)") { () throws(Errno) in
            guard cpusets.tasks[task] != nil else { throw .noSuchProcess }
            self.scheduling[task] = scheduling
        }
    }

    func setPriorityLimit(_ limit: UInt64, of process: Int32) throws(Errno) {
        try change("limit", "\(process)", "\(limit)") { () throws(Errno) in
            guard cpusets.tasks[process] != nil else { throw .noSuchProcess }
            priorityLimits[process] = limit
        }
    }

    // MARK: - Regular files

    func replaceFile(_ file: KernelFile, with text: String) throws(FileError) {
        try attempt(.replace, file) { () throws(Errno) in
            try change("replace", path(of: file)) { () throws(Errno) in texts[file] = text }
        }
    }

    /// Adds a line; a program that dies at it leaves half of it.
    func append(_ line: String, to file: KernelFile) throws(FileError) {
        try attempt(.write, file) { () throws(Errno) in
            guard let text = texts[file] else { throw .noSuchFileOrDirectory }
            if faults.changes == faults.death { texts[file] = text + line.prefix(line.count / 2) }
            try change("append", path(of: file)) { () throws(Errno) in texts[file] = text + line }
        }
    }

    func removeFile(_ file: KernelFile) throws(FileError) {
        try attempt(.remove, file) { () throws(Errno) in
            try change("unlink", path(of: file)) { () throws(Errno) in
                guard texts.removeValue(forKey: file) != nil else { throw .noSuchFileOrDirectory }
            }
        }
    }

    // MARK: - systemd

    func run(_ command: [String]) throws(FileError) -> (status: Int32, output: String) {
        do throws(Errno) {
            // A question changes nothing.
            if command.contains("show"), let systemd { return systemd.run(command, on: self) }
            return try change("run", command.joined(separator: " ")) { () throws(Errno) in
                guard let systemd else { throw .noSuchFileOrDirectory }
                return systemd.run(command, on: self)
            }
        } catch {
            throw FileError(.run, command.first ?? "", error)
        }
    }

    func setAllowedCPUs(_ cpus: CPUSet, of unit: String) throws(FileError) {
        do throws(Errno) {
            try change("allow", unit, "'\(cpus)'") { () throws(Errno) in
                guard let systemd else { throw .noSuchFileOrDirectory }
                try systemd.allow(cpus, unit, on: self)
            }
        } catch {
            throw FileError(.ask, "/run/systemd/private", error)
        }
    }

    /// Takes a value as the files do that keep interrupts and other noise away.
    private func tune(_ value: String, _ file: KernelFile) throws(Errno) {
        guard texts[file] != nil else { throw .noSuchFileOrDirectory }
        if file.name == "cpu.rt_runtime_us" { try checkBudget(value, file) }
        let control = ControlFile(formatOne: file)
        if let format = control?.kind.row.format, format == .list || format == .mask {
            guard let cpus = control?.value(in: value)?.cpus else { throw .invalidArgument }
            if file.path.contains("irq/"), cpus.isDisjoint(with: cpusets.online) { throw .invalidArgument }
        }
        texts[file] = value + "\n"
        if value == "0", file.path.hasPrefix("devices/system/cpu/cpu"), file.path.hasSuffix("/online") { loseCPU(file) }
    }

    /// No group has less real time than those below it together (tg_rt_schedulable() in `kernel/sched/rt.c`).
    private func checkBudget(_ value: String, _ file: KernelFile) throws(Errno) {
        var budgets: [CgroupPath: Int] = [:]
        for (other, text) in texts where other.tree == .cpu && other.name == file.name {
            budgets[CgroupPath(other.path).parent] = Int(text.trimmingASCIISpace())
        }
        budgets[CgroupPath(file.path).parent] = Int(value)
        for (group, budget) in budgets {
            let below = budgets.filter { !$0.key.isRoot && $0.key.parent == group }.values.reduce(0, +)
            guard below <= budget else { throw .invalidArgument }
        }
    }

    /// Takes away what a machine loses when a CPU goes offline: v1 groups lose it, and a driver spreads its interrupts anew.
    private func loseCPU(_ file: KernelFile) {
        let number = file.path.split(separator: "/").dropLast().last?.dropFirst("cpu".count) ?? ""
        guard let cpu = Int(number), cpusets.version == .v1 else { return }
        for path in cpusets.groups.keys where !path.isRoot { cpusets.groups[path]?.cpus.subtract([cpu]) }
        for irq in 0..<64 where texts[Interrupt.file(irq)] != nil { texts[Interrupt.file(irq)] = "\(cpusets.online)\n" }
    }

    // MARK: - irqbalance

    func ask(_ socket: String, _ message: String) throws(FileError) -> String {
        do throws(Errno) {
            guard var daemon = irqbalance, socket == daemon.socket else { throw .noSuchFileOrDirectory }
            if message == "setup" { return daemon.hear(message) }
            return try change("ask", socket, message) { () throws(Errno) in
                let answer = daemon.hear(message)
                irqbalance = daemon
                return answer
            }
        } catch {
            throw FileError(.ask, socket, error)
        }
    }

    func hangUp(_ process: Int32) {}

    func pause() {
        uptime += .milliseconds(50)
        systemd?.settle(on: self)
        irqbalance?.look()
    }

    private func attempt<Value>(
        _ operation: FileError.Operation, _ file: KernelFile, value: String? = nil,
        _ action: () throws(Errno) -> Value
    ) throws(FileError) -> Value {
        do throws(Errno) { return try action() } catch {
            throw FileError(operation, path(of: file), value: value, error)
        }
    }
}
