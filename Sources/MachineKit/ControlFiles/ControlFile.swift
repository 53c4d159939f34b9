// SPDX-License-Identifier: Apache-2.0

/// One file by which the kernel is told something: what kind it is, and of which cgroup, CPU, interrupt or device.
package struct ControlFile: Hashable, Sendable {
    package let kind: Kind
    package let subject: Subject

    /// What a file is about.
    package enum Subject: Hashable, Sendable {
        case machine
        /// A cgroup, by its path below the mount point, without a slash at its beginning.
        case cgroup(String)
        /// A CPU or an interrupt.
        case number(Int)
        /// A device's queue or a work queue.
        case name(String)
    }

    package init(_ kind: Kind, _ subject: Subject = .machine) {
        self.kind = kind
        self.subject = subject
    }

    package static func irqAffinity(_ irq: Int) -> ControlFile { ControlFile(.irqAffinity, .number(irq)) }
    package static let defaultIRQAffinity = ControlFile(.defaultIRQAffinity)
    package static let unboundWork = ControlFile(.unboundWork)
    package static func resumeLatency(_ cpu: Int) -> ControlFile { ControlFile(.resumeLatency, .number(cpu)) }
    package static func governor(_ cpu: Int) -> ControlFile { ControlFile(.governor, .number(cpu)) }
    /// The switch of a CPU, which the boot CPU of most machines does not have.
    package static func cpuOnline(_ cpu: Int) -> ControlFile { ControlFile(.cpuOnline, .number(cpu)) }

    /// Where the file is; a v1 mount with `noprefix` has cpuset files without their prefix.
    package func location(in layout: CgroupLayout? = nil) -> KernelFile {
        let (tree, path, _) = kind.row
        switch subject {
        case .machine: return KernelFile(tree, path)
        case .number(let number): return KernelFile(tree, Self.path(path, of: "\(number)"))
        case .name(let name): return KernelFile(tree, Self.path(path, of: name))
        case .cgroup(let group):
            let name = path.hasPrefix("cpuset.") ? layout.map { $0.name(String(path.dropFirst(7))) } ?? path : path
            return KernelFile(tree, group).appending(name)
        }
    }

    private static func path(_ pattern: String, of subject: String) -> String {
        guard let star = pattern.firstIndex(of: "*") else { return pattern }
        return pattern[..<star] + subject + pattern[pattern.index(after: star)...]
    }

    // MARK: - Values

    /// What the file holds that reads as `text`; nil where that is no value of such a file.
    package func value(in text: some StringProtocol) -> ControlValue? { kind.row.format.value(in: text) }

    /// What is written to the file for it to hold a value.
    package func text(_ value: ControlValue) -> String { kind.row.format.text(value) }

    /// Whether the file holds a value when it reads as `text`.
    package func holds(_ value: ControlValue, in text: some StringProtocol) -> Bool { self.value(in: text) == value }
}

extension Machine {
    /// The file that is meant on this machine.
    package func location(of file: ControlFile) -> KernelFile { file.location(in: layout) }

    /// The absolute path of a file on the machine that is described, for messages.
    package func path(of file: ControlFile) -> String { path(of: location(of: file)) }

    /// What a file holds; nil where it is missing, unreadable, or holds no value of its kind.
    package func value(of file: ControlFile) -> ControlValue? {
        textIfPresent(of: location(of: file)).flatMap { file.value(in: $0) }
    }

    /// Hands a value to the kernel in one `write(2)`.
    package func write(_ value: ControlValue, to file: ControlFile) throws(FileError) {
        try write(file.text(value), to: location(of: file))
    }
}
