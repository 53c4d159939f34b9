// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import JSON
import Kubelet
import Linux

/// What kubelet of a machine goes by, and what it gave to whom.
struct KubeletEvidence: Sendable {
    /// What is wrong with a file, so that neither kubelet nor a rule can go by it.
    struct Fault: Hashable, Sendable {
        var path: String
        /// One line with the place, where it has one.
        var message: String
    }

    /// Whether it runs; its arguments count only then.
    let isRunning: Bool
    /// What it goes by; nil when that cannot be told.
    let configuration: KubeletConfiguration?
    /// The CPU manager's state; nil without one.
    let cpuState: CPUManagerState?
    /// Whether kubelet would start, and the CPUs that it reserves; nil when its configuration cannot be told.
    let startup: StartupCheck?
    /// What cannot be read.
    let faults: [Fault]

    /// Where installers put its configuration: kubeadm and most others, OpenShift, EKS.
    static let usualPaths = [
        "/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet.conf", "/etc/kubernetes/kubelet/kubelet-config.json",
    ]

    /// Looks at a machine; nil where nothing speaks of a kubelet.
    ///
    /// - Parameters:
    ///   - files: The machine's ordinary files.
    ///   - daemons: Its daemons.
    ///   - topology: Its CPUs.
    ///   - named: A configuration that a person named, which stands for that of the machine.
    init?(_ files: HostFiles, _ daemons: Daemons, topology: Topology, named: ConfigurationFile?) {
        let daemon = daemons["kubelet"].first
        let flags = KubeletFlags(daemon?.arguments ?? [])
        var reader = KubeletReader(files: files)
        let path = flags.configurationPath ?? Self.usualPaths.first(where: files.isFile)
        let root = flags.rootDirectory ?? "/var/lib/kubelet"
        let file = named ?? path.flatMap { reader.configurationFile($0) }
        let cpuState = reader.cpuState(in: root)
        guard daemon != nil || file != nil || cpuState != nil || !reader.faults.isEmpty else { return nil }
        let dropIns = flags.dropInDirectory.map { reader.dropIns(in: $0) } ?? []
        let memoryState = reader.memoryState(in: root)
        isRunning = daemon != nil
        self.cpuState = cpuState
        configuration = reader.configuration(file, dropIns, flags)
        startup = configuration.map {
            StartupCheck($0, cpuState: cpuState, memoryState: memoryState, topology: topology)
        }
        faults = reader.faults
    }

    /// Whether containers are given CPUs of their own.
    var isStatic: Bool { configuration?.cpuManagerPolicy.value == "static" }

    /// The CPUs that are given to nobody alone; nil when that cannot be told.
    var reserved: CPUSet? { startup?.reservation.cpus }
}

/// Reads kubelet's files, and keeps what is wrong with them.
private struct KubeletReader {
    let files: HostFiles
    var faults: [KubeletEvidence.Fault] = []

    mutating func configuration(
        _ file: ConfigurationFile?, _ dropIns: [ConfigurationFile], _ flags: KubeletFlags
    ) -> KubeletConfiguration? {
        do throws(KubeletConfigurationError) {
            return try KubeletConfiguration(file: file, dropIns: dropIns, flags: flags)
        } catch {
            let path = if case .file(let error) = error { error.document } else { "the arguments of kubelet" }
            faults.append(.init(path: path, message: error.description))
            return nil
        }
    }

    mutating func configurationFile(_ path: String) -> ConfigurationFile? {
        bytes(path, limit: ConfigurationFile.largest).map { ConfigurationFile(path: path, text: $0) }
    }

    mutating func dropIns(in directory: String) -> [ConfigurationFile] {
        files.names(in: directory).map { "\(directory)/\($0)" }.filter(ConfigurationFile.isDropIn)
            .compactMap { configurationFile($0) }
    }

    mutating func cpuState(in root: String) -> CPUManagerState? {
        state("\(root)/\(CPUManagerState.fileName)", limit: CPUManagerState.largest) { text throws(DocumentError) in
            try CPUManagerState(reading: text)
        }
    }

    mutating func memoryState(in root: String) -> MemoryManagerState? {
        state("\(root)/\(MemoryManagerState.fileName)", limit: CPUManagerState.largest) { text throws(DocumentError) in
            try MemoryManagerState(reading: text)
        }
    }

    private mutating func state<State>(
        _ path: String, limit: Int, _ read: ([UInt8]) throws(DocumentError) -> State
    ) -> State? {
        guard let text = bytes(path, limit: limit) else { return nil }
        do throws(DocumentError) {
            return try read(text)
        } catch {
            faults.append(.init(path: path, message: "\(path):\(error.line):\(error.column): \(error.message)"))
            return nil
        }
    }

    /// What a file holds; nil when it is missing.
    private mutating func bytes(_ path: String, limit: Int) -> [UInt8]? {
        do throws(FileError) {
            return try files.bytes(of: path, limit: limit)
        } catch {
            if !error.isAbsence {
                faults.append(.init(path: path, message: "\(path) cannot be read: \(HostFiles.reason(error))"))
            }
            return nil
        }
    }
}

extension HostFiles {
    fileprivate func isFile(_ path: String) -> Bool { (try? status(of: path))?.kind == .file }
}
