// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import Linux
package import MachineKit
import ShieldKit

/// Records what rtshield reads of a machine as a directory that stands for it.
///
/// Threads lie beside processes, as `proc/TID`, so that a recording needs no `task` directories. Files that go away meanwhile or
/// may not be read are left out and counted.
package final class Recorder {
    /// What a recording came to.
    package struct Report: Sendable {
        package var files = 0
        /// How many files went away between listing and reading.
        package var vanished = 0
        /// The files that may not be read, with the error number of each.
        package var refused: [(path: String, errno: Errno)] = []
    }

    private let machine: any Machine
    private let destination: RecordingDirectory
    private var report = Report()
    /// What is in the recording already, by its path on the machine.
    private var recorded: Set<String> = []

    /// Prepares a recording.
    ///
    /// - Parameters:
    ///   - machine: The machine to record.
    ///   - directory: A path that does not exist yet, or an empty directory.
    /// - Throws: What is wrong with the directory.
    package init(_ machine: any Machine, into directory: String) throws(RecordingError) {
        self.machine = machine
        destination = try RecordingDirectory(directory)
    }

    /// Records everything.
    ///
    /// - Parameter log: What else was read of the machine, and is to be read of the recording.
    /// - Returns: What was recorded and what was left out.
    /// - Throws: Why the directory could not be written; what was written so far stays.
    package func record(_ log: ReadLog = ReadLog()) throws(RecordingError) -> Report {
        for name in Self.procFiles { try copy(KernelFile(.proc, name)) }
        try copy(KernelFile(.proc, "cpuinfo"), isOptional: true)
        try recordTasks()
        try recordInterrupts()
        try recordProcessors()
        try recordKnobs()
        try recordGroups()
        try recordServices()
        try recordFiles(log)
        return report
    }

    // MARK: - Parts

    private static let procFiles = [
        "version", "cmdline", "self/mountinfo", "sys/kernel/osrelease", "sys/kernel/random/boot_id",
    ]

    private static let taskFiles = ["stat", "status", "cgroup"]

    private func recordTasks() throws(RecordingError) {
        for id in machine.taskIDs().sorted() {
            for name in Self.taskFiles { try copy(KernelFile(.proc, "\(id)/\(name)")) }
        }
    }

    private func recordInterrupts() throws(RecordingError) {
        for number in machine.interruptNumbers() {
            // Where the kernel does not say where an interrupt goes, it is no loss that the file is missing.
            for list in ["smp_affinity_list", "effective_affinity_list"] {
                try copy(Interrupt.file(number, list), isOptional: true)
            }
            for fact in ["actions", "chip_name"] {
                try copy(KernelFile(.sys, "kernel/irq/\(number)/\(fact)"), isOptional: true)
            }
        }
    }

    private func recordProcessors() throws(RecordingError) {
        let cpu = KernelFile(.sys, "devices/system/cpu")
        for name in ["online", "possible", "present", "offline", "isolated", "nohz_full", "kernel_max"] {
            try copy(cpu.appending(name), isOptional: true)
        }
        for name in entries(of: cpu, directoriesOnly: true) where Self.isNumbered(name, "cpu") {
            try destination.makeDirectory(relativePath(of: cpu.appending(name)))
            for file in ["thread_siblings_list", "core_id", "physical_package_id"] {
                try copy(cpu.appending(name).appending("topology").appending(file), isOptional: true)
            }
        }
        let node = KernelFile(.sys, "devices/system/node")
        for name in entries(of: node, directoriesOnly: false) {
            if Self.isNumbered(name, "node") {
                for file in ["cpulist", "distance"] { try copy(node.appending(name).appending(file), isOptional: true) }
            } else if name != "power", name != "uevent" {
                try copy(node.appending(name), isOptional: true)
            }
        }
    }

    /// What attributes set, but for the interrupts, which are recorded by themselves.
    private func recordKnobs() throws(RecordingError) {
        let topology = Topology(
            reading: { self.machine.textIfPresent(of: KernelFile(.sys, $0)) },
            list: { self.entries(of: KernelFile(.sys, $0), directoriesOnly: false) })
        let finder = KnobDiscovery(machine: machine, topology: topology)
        try copy(machine.location(of: .defaultIRQAffinity), isOptional: true)
        for attribute in NoiseSource.allCases where attribute != .irqs {
            for knob in finder.knobs(of: attribute) { try copy(machine.location(of: knob.file), isOptional: true) }
        }
    }

    private func recordGroups() throws(RecordingError) {
        guard let layout = machine.layout else { return }
        var waiting: [CgroupPath] = [.root]
        while let path = waiting.popLast() {
            try destination.makeDirectory(relativePath(of: path.directory))
            let children = entries(of: path.directory, directoriesOnly: true)
            let directories = Set(children)
            for name in entries(of: path.directory, directoriesOnly: false)
            where !directories.contains(name) && Self.isGroupFile(name, layout) {
                try copy(path.file(name))
            }
            waiting += children.map(path.child)
        }
    }

    private func recordServices() throws(RecordingError) {
        if machine.layout?.hasSystemd == true {
            let units = KernelFile(.units, "")
            try destination.makeDirectory(relativePath(of: units))
            for name in entries(of: units, directoriesOnly: false) {
                if name.contains("rtshield") { try copy(units.appending(name)) }
                for file in entries(of: units.appending(name), directoriesOnly: false) where file.contains("rtshield") {
                    try copy(units.appending(name).appending(file))
                }
            }
        }
        for file in [Journal.file, KernelFile(.services, "kubelet/cpu_manager_state")] where machine.exists(file) {
            try copy(file)
        }
    }

    /// What was looked at besides; of a file of which only its kind was asked, only that is recorded.
    private func recordFiles(_ log: ReadLog) throws(RecordingError) {
        let files = HostFiles()
        for (path, looks) in log.all.sorted(by: { $0.key < $1.key }) where !recorded.contains(path) {
            guard let status = try? files.status(of: path) else { continue }
            let relative = String(path.drop { $0 == "/" })
            if status.kind == .directory {
                try destination.makeDirectory(relative)
            } else {
                let bytes = looks.contains(.contents) ? Redaction.applied(to: (try? files.bytes(of: path)) ?? []) : []
                try destination.write(bytes, to: relative, permissions: status.permissions & 0o755 | 0o400)
                report.files += 1
            }
        }
    }

    // MARK: - Files

    /// Whether a name is a word and a number after it, as `cpu12`.
    private static func isNumbered(_ name: String, _ word: String) -> Bool {
        name.hasPrefix(word) && Int(name.dropFirst(word.count)) != nil
    }

    /// Whether a file of a group is one of cpuset or of cgroups as such, and can be read.
    private static func isGroupFile(_ name: String, _ layout: CgroupLayout) -> Bool {
        guard name != "cgroup.kill", name != "cgroup.event_control" else { return false }
        return name.hasPrefix(layout.prefix) || name.hasPrefix("cgroup.") || name == "tasks"
    }

    private func entries(of directory: KernelFile, directoriesOnly: Bool) -> [String] {
        ((try? machine.entries(of: directory, directoriesOnly: directoriesOnly)) ?? []).sorted()
    }

    /// Where a file of the machine lies in the recording.
    private func relativePath(of file: KernelFile) -> String { String(machine.path(of: file).dropFirst()) }

    /// Copies a file, or counts it as left out; the absence of an optional one, which some machines do not have, says nothing.
    private func copy(_ file: KernelFile, isOptional: Bool = false) throws(RecordingError) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try machine.bytes(of: file)
        } catch {
            if !error.isAbsence {
                report.refused.append((error.path, error.errno))
            } else if !isOptional {
                report.vanished += 1
            }
            return
        }
        try destination.write(bytes, to: relativePath(of: file))
        recorded.insert(machine.path(of: file))
        report.files += 1
    }
}
