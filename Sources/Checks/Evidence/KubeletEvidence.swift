// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit

/// What kubelet of a machine goes by, and what it gave to whom.
struct KubeletEvidence: Sendable {
    /// Whether it runs; its arguments count only then.
    let isRunning: Bool
    /// The file of its configuration; nil when it has none, or nobody says where.
    let configurationPath: String?
    /// What it goes by; nil when that cannot be told.
    let configuration: KubeletConfiguration?
    /// The CPU manager's state; nil without one.
    let cpuState: CPUManagerState?
    /// Where that is, or would be.
    let cpuStatePath: String
    /// Whether kubelet would start, and the CPUs that it reserves; nil when its configuration cannot be told.
    let startup: StartupCheck?
    /// What is wrong with its files.
    let faults: [RuleResult]

    /// Looks at a machine; nil where nothing speaks of a kubelet.
    ///
    /// - Parameters:
    ///   - files: The machine's ordinary files.
    ///   - daemons: Its daemons.
    ///   - topology: Its CPUs.
    ///   - named: A configuration that a person named, which stands for that of the machine.
    init?(_ files: HostFiles, _ daemons: Daemons, topology: Topology, named: KubeletConfigurationFile?) {
        let daemon = daemons["kubelet"].first
        let flags = KubeletFlags(daemon?.arguments ?? [])
        var reader = KubeletReader(files)
        let file = named ?? Self.file(daemon, flags, &reader)
        let root = flags.rootDirectory.map(Self.absolute) ?? "/var/lib/kubelet"
        let cpuState = reader.cpuState(in: root)
        guard daemon != nil || file != nil || cpuState != nil || !reader.faults.isEmpty else { return nil }
        let dropIns = flags.dropInDirectory.map { reader.dropIns(in: Self.absolute($0)) } ?? []
        let memoryState = reader.memoryState(in: root)
        isRunning = daemon != nil
        configurationPath = file?.path
        self.cpuState = cpuState
        cpuStatePath = "\(root)/\(CPUManagerState.fileName)"
        // Without the file that it was told to read nobody knows what else it was told.
        let isLost = file == nil && flags.configurationPath != nil
        configuration = isLost ? nil : reader.configuration(file, dropIns, flags)
        startup = configuration.map {
            StartupCheck($0, cpuState: cpuState, memoryState: memoryState, topology: topology)
        }
        faults = reader.faults
    }

    private static func file(
        _ daemon: Daemons.Daemon?, _ flags: KubeletFlags, _ reader: inout KubeletReader
    ) -> KubeletConfigurationFile? {
        if let path = flags.configurationPath { return reader.configurationFile(named: absolute(path)) }
        // One that runs without --config has no file.
        return daemon?.arguments.isEmpty ?? true ? reader.usualFile() : nil
    }

    /// A path as kubelet sees it, which systemd starts in `/`; without a slash at its end.
    private static func absolute(_ path: String) -> String {
        let trimmed = String(path.reversed().drop { $0 == "/" }.reversed())
        return trimmed.hasPrefix("/") ? trimmed : "/" + trimmed
    }

    /// Whether containers are given CPUs of their own.
    var isStatic: Bool { configuration?.cpuManagerPolicy.value == "static" }

    /// The CPUs that are given to nobody alone; nil when there are none, and when it cannot be told which.
    var reserved: CPUSet? { startup?.reservation.cpus.flatMap { $0.isEmpty ? nil : $0 } }
}
