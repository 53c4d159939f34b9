// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit

extension ScriptedMachine {
    /// Makes a machine of a layout and a kernel, with nothing on it but PID 1 and kthreadd.
    convenience init(
        _ kind: Kind, kernel release: String, topology text: String = "node:1 core:8", cmdline: String = "quiet"
    ) throws {
        guard let topology = Topology(synthetic: text), let kernel = KernelVersion(release: release),
            let layout = kind.layout
        else { throw Errno.invalidArgument }
        self.init(
            layout: layout, cpusets: Cpusets(layout.version, kernel: kernel, topology: topology),
            texts: ScriptedMachine.pseudoFiles(topology, release: release, cmdline: cmdline))
        add(task: 1, "init", parent: 0)
        add(task: 2, "kthreadd", parent: 0, flags: ScriptedTask.kernel)
        if layout.hasSystemd { systemd = ScriptedSystemd() }
    }

    private static func pseudoFiles(_ topology: Topology, release: String, cmdline: String) -> [KernelFile: String] {
        var files: [KernelFile: String] = [
            KernelFile(.proc, "sys/kernel/osrelease"): release + "\n",
            KernelFile(.proc, "version"): "Linux version \(release) #1 SMP PREEMPT_DYNAMIC\n",
            KernelFile(.proc, "sys/kernel/random/boot_id"): "d1f0c1a2-0000-4000-8000-000000000001\n",
            KernelFile(.proc, "cmdline"): cmdline + "\n",
        ]
        let cpu = "devices/system/cpu/"
        for name in ["possible", "present", "online"] { files[KernelFile(.sys, cpu + name)] = "\(topology.online)\n" }
        for (number, threads) in topology.siblings {
            files[KernelFile(.sys, cpu + "cpu\(number)/topology/thread_siblings_list")] = "\(threads)\n"
        }
        for (node, cpus) in topology.nodes {
            files[KernelFile(.sys, "devices/system/node/node\(node)/cpulist")] = "\(cpus)\n"
        }
        files[KernelFile(.sys, "devices/system/node/has_memory")] = "\(topology.allNodes)\n"
        return files
    }

    // MARK: - Groups and tasks

    /// Makes a group and those above it, as an engine does that fills empty ancestors on v1 and enables the controller on v2.
    func add(group text: String, cpus: String? = nil) throws {
        let path = CgroupPath(text)
        for above in path.ancestry.dropFirst() where cpusets.groups[above] == nil {
            try cpusets.makeDirectory(above)
            guard cpusets.version == .v1, let parent = cpusets.groups[above.parent] else { continue }
            cpusets.groups[above]?.cpus = parent.cpus
            cpusets.groups[above]?.mems = parent.mems
        }
        guard let cpus else { return }
        if cpusets.version == .v2 {
            for above in path.ancestry.dropLast() {
                try cpusets.write("+cpuset", to: "cgroup.subtree_control", of: above)
            }
        }
        try cpusets.write(cpus, to: "cpuset.cpus", of: path)
    }

    /// Starts a task; without an affinity it may use what its group has.
    func add(
        task id: Int32, _ name: String, process: Int32? = nil, in group: String = "/", affinity: CPUSet? = nil,
        parent: Int32 = 1, flags: UInt32 = 0, forks: Int = 0, vanishes: Bool = false
    ) {
        let path = CgroupPath(group)
        let allowed = cpusets.allowed(in: cpusets.cpuset(of: path))
        cpusets.tasks[id] = ScriptedTask(
            id: id, process: process ?? id, name: name, flags: flags, parent: parent, startTime: 1, group: path,
            affinity: affinity ?? allowed, chosen: affinity, forks: forks, vanishes: vanishes)
    }

    /// Kernel threads of every kind, a daemon of two threads, a shell, and a program that chose its CPUs.
    func addUsualTasks() {
        let bound = ScriptedTask.kernel | ScriptedTask.bound
        add(task: 10, "migration/2", affinity: [2], parent: 2, flags: bound)
        add(task: 11, "kworker/u16:0", parent: 2, flags: bound)
        add(task: 12, "kswapd0", parent: 2, flags: ScriptedTask.kernel)
        add(task: 13, "rcuop/3", affinity: [3], parent: 2, flags: ScriptedTask.kernel)
        add(task: 100, "dockerd", process: 100)
        add(task: 101, "dockerd", process: 100)
        add(task: 200, "bash")
        add(task: 201, "pinned", affinity: [2, 6])
        add(task: 202, "careful", affinity: [0, 1])
    }

    /// Interrupts of every kind, and what else attributes set, as a machine of eight CPUs has it after it booted.
    func addUsualNoise() {
        let files: [(KernelFile, String)] = [
            (KernelFile(.proc, "irq/default_smp_affinity"), "ff"),
            (Interrupt.file(0), "0-7"), (Interrupt.file(24), "0-7"), (Interrupt.file(25), "3"),
            (Interrupt.file(26), "0-1"), (Interrupt.file(27), "2-5"),
            (KernelFile(.sys, "kernel/irq/24/actions"), "eth0-rx-0"),
            (KernelFile(.sys, "devices/virtual/workqueue/cpumask"), "ff"),
            (KernelFile(.sys, "devices/virtual/workqueue/writeback/cpumask"), "ff"),
            (KernelFile(.sys, "class/net/eth0/queues/rx-0/rps_cpus"), "3c"),
            (KernelFile(.sys, "class/net/lo/queues/rx-0/rps_cpus"), "00"),
            (KernelFile(.sys, "class/net/eth0/queues/tx-0/xps_cpus"), "0f"),
            (KernelFile(.proc, "sys/kernel/timer_migration"), "1"),
            (KernelFile(.proc, "sys/vm/stat_interval"), "1"),
            (KernelFile(.proc, "sys/kernel/watchdog_cpumask"), "0-7"),
            (KernelFile(.sys, "kernel/mm/transparent_hugepage/enabled"), "always"),
        ]
        for (file, text) in files { texts[file] = text + "\n" }
        for cpu in 0..<8 {
            texts[KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/cpufreq/scaling_governor")] = "schedutil\n"
            texts[KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/online")] = "1\n"
        }
    }

    /// An irqbalance that was started without any request, and listens where version 1.9 does.
    ///
    /// - Parameters:
    ///   - banned: The CPUs that it leaves alone.
    ///   - network: Whose table of sockets names it: a process in the network of its service, if not in the machine's own.
    func addIrqbalance(banning banned: CPUSet = [], network: String = "net/unix") {
        let irqbalance = ScriptedIrqbalance(banning: banned)
        self.irqbalance = irqbalance
        texts[KernelFile(.proc, network)] =
            "Num RefCount Protocol Flags Type St Inode Path\n0000: 00000002 00000000 00010000 0001 01 22 \(irqbalance.socket)\n"
    }

    enum Kind: String, CaseIterable, Sendable, CustomStringConvertible {
        case v1, v2, systemd, hybridV1, hybridV2

        var description: String { rawValue }

        /// The layout that the kind's mounts come to.
        var layout: CgroupLayout? {
            let root = "/sys/fs/cgroup"
            let legacy = Mount(
                point: root + "/cpuset", fileSystem: "cgroup", source: "cgroup", superOptions: ["rw", "cpuset"])
            let named = Mount(
                point: root + "/systemd", fileSystem: "cgroup", source: "cgroup", superOptions: ["rw", "name=systemd"])
            let budget = Mount(
                point: root + "/cpu", fileSystem: "cgroup", source: "cgroup", superOptions: ["rw", "cpu"])
            let unified = { Mount(point: $0, fileSystem: "cgroup2", source: "cgroup2") }
            let mounts: [Mount] =
                switch self {
                case .v1: [legacy, budget]
                case .v2, .systemd: [unified(root)]
                case .hybridV1: [named, legacy, unified(root + "/unified")]
                case .hybridV2: [named, unified(root + "/unified")]
                }
            return CgroupLayout(
                mounts: mounts, controllers: { _ in self == .hybridV1 ? [] : ["cpuset", "cpu"] },
                hasSystemd: self != .v1 && self != .v2)
        }
    }
}
