// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

@testable import MachineKit
@testable import CgroupKit
@testable package import ShieldKit

/// A recorded machine that a test writes file by file; it goes when the value ends.
package struct RecordedMachine: ~Copyable {
    package let path: String

    package init(files: [String: String]) throws { path = try Self.recorded(files) }

    private static func recorded(_ files: [String: String]) throws -> String {
        let path = try temporaryDirectory()
        for (name, text) in files { try write(text, to: path + "/" + name) }
        return path
    }

    private static func temporaryDirectory() throws -> String {
        var template = Array("/tmp/rtshield-machine.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Complaint(what: "cannot make a directory") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and makes the directories above it; a path that ends in a slash is a directory.
    private static func write(_ text: String, to file: String) throws {
        let directory = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        guard !file.hasSuffix("/") else { return }
        try Data(text.utf8).write(to: URL(filePath: file))
    }
}

/// Why a test could not be prepared.
package struct Complaint: Error {
    package var what: String

    package init(what: String) { self.what = what }
}

/// Makes the files of a recorded machine.
package struct MachineText {
    package private(set) var files: [String: String] = [:]
    private var groups: [String: String] = [:]
    private let mountPoint: String
    private let isUnified: Bool
    private let online: String
    package static let bootID = "11111111-2222-3333-4444-555555555555"

    /// A machine with cgroup v2, whose init is systemd when that is asked for, or with cpuset on v1.
    package init(
        online: String, present: String? = nil, unified: Bool, systemd: Bool = false, release: String = "6.12.1-test"
    ) {
        self.online = online
        isUnified = unified
        mountPoint = unified ? "sys/fs/cgroup" : "sys/fs/cgroup/cpuset"
        let options = unified ? "- cgroup2 cgroup2 rw" : "- cgroup cgroup rw,cpuset"
        files = [
            "proc/version": "Linux version \(release) #1 SMP PREEMPT_DYNAMIC\n",
            "proc/cmdline": "quiet\n",
            "proc/self/mountinfo": "31 23 0:28 / /\(mountPoint) rw,relatime \(options)\n",
            "proc/sys/kernel/osrelease": release + "\n",
            "proc/sys/kernel/random/boot_id": Self.bootID + "\n",
            "sys/devices/system/cpu/online": online + "\n",
            "sys/devices/system/cpu/present": (present ?? online) + "\n",
            "sys/devices/system/cpu/possible": (present ?? online) + "\n",
        ]
        if systemd { files["run/systemd/system/"] = "" }
        group("", cpus: unified ? nil : online, effective: online)
        files[mountPoint + "/cgroup.controllers"] = "cpuset cpu\n"
    }

    package mutating func file(_ name: String, _ text: String) { files[name] = text }

    /// Adds a group; its tasks are added by ``task(_:_:affinity:group:flags:)``.
    package mutating func group(_ path: String, cpus: String?, effective: String, partition: String? = nil) {
        let directory = mountPoint + path + "/"
        files[directory + (isUnified ? "cgroup.procs" : "tasks")] = ""
        if let cpus { files[directory + "cpuset.cpus"] = cpus + "\n" }
        files[directory + (isUnified ? "cpuset.cpus.effective" : "cpuset.effective_cpus")] = effective + "\n"
        if let partition { files[directory + "cpuset.cpus.partition"] = partition + "\n" }
    }

    package static let kernelThread: UInt32 = 0x20_0000
    package static let keptByKernel: UInt32 = 0x420_0000

    /// Adds a task of one thread.
    package mutating func task(_ id: Int, _ name: String, affinity: String, group: String = "/", flags: UInt32 = 0) {
        let zeros = { (count: Int) in Array(repeating: "0", count: count).joined(separator: " ") }
        files["proc/\(id)/stat"] =
            "\(id) (\(name)) S \(id == 1 ? 0 : 2) 0 0 0 -1 \(flags) \(zeros(10)) 1 0 100 \(zeros(16)) 0 0 0\n"
        files["proc/\(id)/status"] = "Name:\t\(name)\nCpus_allowed_list:\t\(affinity)\n"
        files["proc/\(id)/cgroup"] = isUnified ? "0::\(group)\n" : "3:cpuset:\(group)\n0::/\n"
        let list = mountPoint + (group == "/" ? "" : group) + (isUnified ? "/cgroup.procs" : "/tasks")
        files[list, default: ""] += "\(id)\n"
    }

    /// Adds an interrupt.
    package mutating func interrupt(_ number: Int, effective: String?, allowed: String) {
        files["proc/irq/\(number)/smp_affinity_list"] = allowed + "\n"
        if let effective { files["proc/irq/\(number)/effective_affinity_list"] = effective + "\n" }
    }

    /// Adds the journal of a shield; without `done`, of one whose making was interrupted.
    package mutating func journal(_ shield: Shield, undo: [Step] = [], done: Bool = true) throws {
        let encoder = JSONEncoder()
        var entries = [
            Journal.Entry(header: .init(format: 1, bootID: Self.bootID, ticks: 1)),
            Journal.Entry(intent: .init(shield: shield, strategy: StrategyChoice(name: "test", reason: "a test"))),
        ]
        entries += undo.map { Journal.Entry(undo: $0) }
        if done { entries.append(Journal.Entry(done: true)) }
        files["run/rtshield/journal"] = try entries.map {
            String(decoding: try encoder.encode($0), as: UTF8.self) + "\n"
        }.joined()
    }
}
