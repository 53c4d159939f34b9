// SPDX-License-Identifier: Apache-2.0

package import Linux

/// A machine below a directory: the live one below `/`, or a recording of one that `rtshield snapshot` made.
///
/// Each mount is opened once and every name is resolved beneath it with `openat2(2)`, so that no link leads out of it.
package final class DirectoryMachine: Machine {
    /// The directory that stands for `/`, without a slash at its end.
    private let root: String
    package let isRecorded: Bool
    package let layout: CgroupLayout?
    /// The pseudo-file systems, kept open.
    private let proc: FileDescriptor
    private let sys: FileDescriptor
    private let cpuset: FileDescriptor
    /// Is told what was read; nil where nobody wants to know.
    private let log: ReadLog?
    /// The CPUs that were online when a recording was made; empty for the live machine.
    private let recordedOnline: CPUSet

    /// Opens a machine.
    ///
    /// - Parameters:
    ///   - directory: `/` for the live machine, else the directory of a recording.
    ///   - log: Is told what is read from now on.
    /// - Throws: ``FileError`` when it has no `proc`, `sys` or cpuset directory.
    package init(_ directory: String = "/", log: ReadLog? = nil) throws(FileError) {
        self.log = log
        isRecorded = directory != "/"
        let root = directory == "/" ? "" : directory
        self.root = root
        proc = try Self.openTree(root + "/proc")
        sys = try Self.openTree(root + "/sys")
        let mountinfo = (try? proc.open(beneath: "self/mountinfo", for: .reading).readAll()) ?? []
        layout = CgroupLayout(
            mounts: Mount.cgroups(in: mountinfo),
            controllers: { Self.controllers(root + $0) },
            hasSystemd: (try? FileDescriptor.openDirectory(root + Tree.units.mountPoint)) != nil)
        // Without the controller nothing is looked for in this tree.
        cpuset = try Self.openTree(root + (layout?.mountPoint ?? "/sys"))
        let online = isRecorded ? try? sys.open(beneath: "devices/system/cpu/online", for: .reading).readAll() : nil
        recordedOnline = online.flatMap { CPUSet(kernelList: String(decoding: $0, as: UTF8.self)) } ?? []
    }

    package func path(of file: KernelFile) -> String {
        let top = mountPoint(of: file.tree)
        return file.path.isEmpty ? top : top + "/" + file.path
    }

    // MARK: - Reading

    package func bytes(of file: KernelFile) throws(FileError) -> [UInt8] {
        let bytes = try attempt(.read, file) { () throws(Errno) in try open(file, .reading).readAll() }
        log?.note(.contents, at: path(of: file))
        return bytes
    }

    package func entries(of directory: KernelFile, directoriesOnly: Bool) throws(FileError) -> [String] {
        try attempt(.list, directory) { () throws(Errno) in
            let path = directory.path.isEmpty ? "." : directory.path
            let entries = try open(KernelFile(directory.tree, path), .directory).entries()
            log?.note(.names, at: self.path(of: directory))
            return entries.filter { !directoriesOnly || $0.kind == .directory }.map(\.name)
        }
    }

    package func affinity(of task: Int32) throws(Errno) -> CPUSet {
        guard isRecorded else { return CPUSet(words: try Affinity.words(of: task)) }
        guard let cpus = wholeAffinity(of: task) else { throw .noSuchProcess }
        // The status file also lists CPUs that are offline or absent, which sched_getaffinity(2) leaves out.
        return recordedOnline.isEmpty ? cpus : cpus.intersection(recordedOnline)
    }

    // MARK: - Writing

    package func write(_ value: String, to file: KernelFile) throws(FileError) {
        try attempt(.write, file, value: value) { () throws(Errno) in
            try refuseRecording()
            // Zero bytes would not reach the kernel at all; a line end clears.
            try open(file, .writing).write(value.isEmpty ? "\n" : value)
        }
    }

    package func write(each values: [Int32], to file: KernelFile) throws(FileError) -> [(value: Int32, errno: Errno)] {
        try attempt(.moveTask, file) { () throws(Errno) in
            try refuseRecording()
            let descriptor = try open(file, .writing)
            var refused: [(value: Int32, errno: Errno)] = []
            for value in values {
                do throws(Errno) { try descriptor.write("\(value)") } catch { refused.append((value, error)) }
            }
            return refused
        }
    }

    package func makeDirectory(_ directory: KernelFile) throws(FileError) {
        try attempt(.create, directory) { () throws(Errno) in
            try refuseRecording()
            try tree(directory.tree).makeDirectory(directory.path)
        }
    }

    package func removeDirectory(_ directory: KernelFile) throws(FileError) {
        try attempt(.remove, directory) { () throws(Errno) in
            try refuseRecording()
            try tree(directory.tree).removeDirectory(directory.path)
        }
    }

    package func setAffinity(_ cpus: CPUSet, of task: Int32) throws(Errno) {
        try refuseRecording()
        try Affinity.set(cpus.words, of: task)
    }

    package func scheduling(of task: Int32) throws(Errno) -> Scheduling {
        try refuseRecording()
        return try Scheduling.of(task)
    }

    package func setScheduling(_ scheduling: Scheduling, of task: Int32) throws(Errno) {
        try refuseRecording()
        try scheduling.set(of: task)
    }

    package func setPriorityLimit(_ limit: UInt64, of process: Int32) throws(Errno) {
        try refuseRecording()
        try ResourceLimit(soft: limit, hard: limit).set(.realTimePriority, process: process)
    }

    package func run(_ command: [String]) throws(FileError) -> (status: Int32, output: String) {
        do throws(Errno) {
            try refuseRecording()
            let outcome = try ChildProcess.run(command)
            let text = outcome.errorOutput.text + outcome.output.text
            switch outcome.ending {
            case .exited(let status): return (status, text)
            case .killed(let signal): return (128 + signal, text)
            }
        } catch {
            throw FileError(.run, command.first ?? "", error)
        }
    }

    package func ask(_ socket: String, _ message: String) throws(FileError) -> String {
        do throws(Errno) {
            try refuseRecording()
            let address: LocalSocket.Address =
                socket.hasPrefix("@") ? .abstract(String(socket.dropFirst())) : .path(socket)
            return try LocalSocket.ask(address, message, timeout: .seconds(2))
        } catch {
            throw FileError(.ask, socket, error)
        }
    }

    package func setAllowedCPUs(_ cpus: CPUSet, of unit: String) throws(FileError) {
        do throws(Errno) {
            try refuseRecording()
            // Less than a hook has in all.
            try ManagerBus.setAllowedCPUs(cpus.words, of: unit, timeout: .seconds(1))
        } catch {
            throw FileError(.ask, ManagerBus.socket, error)
        }
    }

    package func hangUp(_ process: Int32) {
        guard !isRecorded else { return }
        // One that ended meanwhile has nothing to look at.
        try? CurrentProcess.signal(process, .hangup)
    }

    package func pause() { CurrentProcess.pause(for: .milliseconds(50)) }

    package var uptime: Duration { MonotonicClock.now }

    // MARK: - Trees

    private static func openTree(_ path: String) throws(FileError) -> FileDescriptor {
        do throws(Errno) { return try FileDescriptor.openDirectory(path) } catch { throw FileError(.open, path, error) }
    }

    private static func controllers(_ mountPoint: String) -> [String] {
        guard let group = try? FileDescriptor.openDirectory(mountPoint),
            let bytes = try? group.open(beneath: "cgroup.controllers", for: .reading).readAll()
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private func open(_ file: KernelFile, _ access: FileDescriptor.Access) throws(Errno) -> FileDescriptor {
        switch file.tree {
        case .proc: return try proc.open(beneath: file.path, for: access)
        case .sys: return try sys.open(beneath: file.path, for: access)
        case .cpuset:
            // cgroup file systems hold neither links nor mounts.
            return try cpuset.open(
                beneath: file.path, for: access,
                resolving: [.beneath, .noMagicLinks, .noSymbolicLinks, .noMountCrossing])
        case .cpu, .units, .state, .services:
            let point = mountPoint(of: file.tree)
            guard !point.isEmpty else { throw .noSuchFileOrDirectory }
            return try FileDescriptor.openDirectory(root + point).open(beneath: file.path, for: access)
        }
    }

    /// Where a tree is; empty for a controller that this machine does not have.
    private func mountPoint(of tree: Tree) -> String {
        switch tree {
        case .cpuset: layout?.mountPoint ?? ""
        case .cpu: layout?.budgetPoint ?? ""
        default: tree.mountPoint
        }
    }

    /// The directory of a tree, opened anew, for making and removing what is in it.
    func tree(_ tree: Tree) throws(Errno) -> FileDescriptor {
        try FileDescriptor.openDirectory(root + path(of: KernelFile(tree, "")))
    }

    func refuseRecording() throws(Errno) {
        if isRecorded { throw .readOnlyFileSystem }
    }

    func attempt<Value>(
        _ operation: FileError.Operation, _ file: KernelFile, value: String? = nil,
        _ action: () throws(Errno) -> Value
    ) throws(FileError) -> Value {
        do throws(Errno) {
            return try action()
        } catch {
            throw FileError(operation, path(of: file), value: value, error)
        }
    }
}

extension Tree {
    /// Where the tree is; empty for a cgroup hierarchy, whose place mountinfo tells.
    fileprivate var mountPoint: String {
        switch self {
        case .proc: "/proc"
        case .sys: "/sys"
        case .cpuset, .cpu: ""
        case .units: "/run/systemd/system"
        case .state: "/run/rtshield"
        case .services: "/var/lib"
        }
    }
}
