// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit

/// A cgroup v1 host of any size that exists in memory only: one task in each container, all others in the root group.
final class SyntheticMachine: Machine {
    let isRecorded = true
    let layout = CgroupLayout(
        mounts: [Mount(point: "/cpuset", fileSystem: "cgroup", source: "cgroup", superOptions: ["cpuset"])],
        controllers: { _ in [] }, hasSystemd: false)

    private let cpus: CPUSet
    private let containers: Set<String>
    private let rootTasks: Int

    init(cpus: Int, groups: Int, tasks: Int) {
        self.cpus = CPUSet(0...(cpus - 1))
        containers = Set((0..<groups).map { "c\($0)" })
        rootTasks = tasks - groups
    }

    // MARK: - Reading

    func path(of file: KernelFile) -> String { "/\(file.tree)/\(file.path)" }

    func bytes(of file: KernelFile) throws(FileError) -> [UInt8] {
        let parts = file.path.split(separator: "/")
        let text: String? =
            switch file.tree {
            case .proc: process(parts)
            case .sys: system(file.path)
            case .cpuset: group(parts)
            case .cpu, .units, .state, .services: nil
            }
        guard let text else { throw FileError(.read, path(of: file), .noSuchFileOrDirectory) }
        return Array(text.utf8)
    }

    func entries(of directory: KernelFile, directoriesOnly: Bool) throws(FileError) -> [String] {
        switch (directory.tree, directory.path) {
        case (.cpuset, ""): ["docker"]
        case (.cpuset, "docker"): Array(containers)
        default: []
        }
    }

    func affinity(of task: Int32) throws(Errno) -> CPUSet { cpus }

    func ask(_ socket: String, _ message: String) throws(FileError) -> String {
        throw FileError(.ask, socket, .noSuchFileOrDirectory)
    }

    func setAllowedCPUs(_ cpus: CPUSet, of unit: String) throws(FileError) {
        throw FileError(.ask, unit, .noSuchFileOrDirectory)
    }

    func hangUp(_ process: Int32) {}

    /// Every tenth task is a kernel thread.
    private func process(_ parts: [Substring]) -> String? {
        switch (parts.first, parts.last) {
        case ("sys", "osrelease"): "6.12.0-synthetic"
        case (let id?, "stat") where id.last == "7": "\(id) (kthread) S 2 0 0 0 -1 2129984\(rest)"
        case (let id?, "stat"): "\(id) (program) S 1 1 1 0 -1 4194304\(rest)"
        default: nil
        }
    }

    private var rest: String { " 0 0 0 0 0 0 0 0 20 0 1 0 42 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 3 0 0 0 0 0" }

    private func system(_ path: String) -> String? {
        switch path {
        case "devices/system/cpu/online", "devices/system/cpu/present", "devices/system/cpu/possible": cpus.description
        default: nil
        }
    }

    private func group(_ parts: [Substring]) -> String? {
        switch parts.last {
        case "cpuset.cpus": cpus.description
        case "cpuset.mems": "0"
        case "cpuset.cpu_exclusive": "0"
        case "cpuset.sched_load_balance": "1"
        case "tasks" where parts.count == 1: (1...rootTasks).map { "\($0)\n" }.joined()
        case "tasks" where parts.count == 3: "\(rootTasks + 1)\n"
        case "tasks": ""
        default: nil
        }
    }

    // MARK: - Writing

    func write(_ value: String, to file: KernelFile) throws(FileError) { throw refusal(.write, file) }

    func write(each values: [Int32], to file: KernelFile) throws(FileError) -> [(value: Int32, errno: Errno)] {
        throw refusal(.moveTask, file)
    }

    func makeDirectory(_ directory: KernelFile) throws(FileError) { throw refusal(.create, directory) }

    func removeDirectory(_ directory: KernelFile) throws(FileError) { throw refusal(.remove, directory) }

    func replaceFile(_ file: KernelFile, with text: String) throws(FileError) { throw refusal(.replace, file) }

    func append(_ line: String, to file: KernelFile) throws(FileError) { throw refusal(.write, file) }

    func removeFile(_ file: KernelFile) throws(FileError) { throw refusal(.remove, file) }

    func lock(onWait: () -> Void) throws(FileError) -> StateLock {
        throw FileError(.open, "lock", .readOnlyFileSystem)
    }

    func setAffinity(_ cpus: CPUSet, of task: Int32) throws(Errno) { throw .readOnlyFileSystem }

    func scheduling(of task: Int32) throws(Errno) -> Scheduling { throw .readOnlyFileSystem }

    func setScheduling(_ scheduling: Scheduling, of task: Int32) throws(Errno) { throw .readOnlyFileSystem }

    func setPriorityLimit(_ limit: UInt64, of process: Int32) throws(Errno) { throw .readOnlyFileSystem }

    func run(_ command: [String]) throws(FileError) -> (status: Int32, output: String) {
        throw FileError(.run, command.first ?? "", .readOnlyFileSystem)
    }

    func pause() {}

    var uptime: Duration { .zero }

    private func refusal(_ operation: FileError.Operation, _ file: KernelFile) -> FileError {
        FileError(operation, path(of: file), .readOnlyFileSystem)
    }
}
