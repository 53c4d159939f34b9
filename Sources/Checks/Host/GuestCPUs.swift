// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let novaCPUs = Rule(
        "nova-cpus", .host,
        title: "OpenStack pins guests to quiet CPUs, and lets other guests run off them",
        why:
            "Guests with dedicated CPUs get those of cpu_dedicated_set, formerly vcpu_pin_set, and all others those of "
            + "cpu_shared_set: the first should be quiet CPUs, and the second should not.",
        reference: "https://docs.openstack.org/nova/latest/admin/cpu-topologies.html"
    ) { evidence in
        let nova = evidence.nova
        guard let intent = evidence.intent else { return nova.remarks }
        var remarks = nova.remarks
        for setting in [nova.dedicated, nova.shared].compactMap(\.self) where setting.cpus == nil {
            remarks.append(
                .warning(
                    "\(setting.place): \(setting.key) is '\(setting.value)', which is not a CPU list",
                    wanted: "\(setting.key) = \(intent.cpus)", fix: "put a list such as 4-11,^8 there"))
        }
        if let dedicated = nova.dedicated, let cpus = dedicated.cpus {
            remarks.append(check(dedicated, noisy: cpus.subtracting(intent.cpus), intent))
        }
        if let shared = nova.shared, let cpus = shared.cpus, !cpus.isDisjoint(with: intent.cpus) {
            remarks.append(
                .warning(
                    "\(shared.place): floating guests may run on quiet CPUs \(cpus.intersection(intent.cpus))",
                    wanted: "\(shared.key) = \(evidence.housekeeping)",
                    fix: "set it there, then: systemctl restart openstack-nova-compute"))
        }
        return remarks
    }

    private static func check(_ setting: NovaSettings.Setting, noisy: CPUSet, _ intent: Intent) -> RuleResult {
        if noisy.isEmpty { return .ok("\(setting.place): \(setting.key) is \(setting.value)") }
        return .warning(
            "\(setting.place): guests are pinned to CPUs \(noisy), which are not kept quiet",
            wanted: "\(setting.key) = \(intent.cpus)",
            fix: "set it there, then: systemctl restart openstack-nova-compute")
    }

    static let guestThreads = Rule(
        "guest-threads", .host,
        title: "The virtual CPUs of real-time guests run on quiet CPUs, with a real-time policy",
        why:
            "libvirt pins a thread 'CPU n/KVM' for each virtual CPU (vcpupin) and sets its policy (vcpusched). A thread "
            + "without these settings may run anywhere on the host, and delays the others of its guest.",
        reference: "https://libvirt.org/formatdomain.html#cpu-tuning"
    ) { evidence in
        guard let intent = evidence.intent else { return [] }
        return ["qemu-kvm", "qemu-system-x86", "qemu-system-aar"].flatMap { evidence.daemons[$0] }.flatMap { guest in
            let threads = VirtualCPU.all(of: guest.id, on: evidence.machine)
            guard threads.contains(where: { $0.stat.isRealtime }) else { return [RuleResult]() }
            return threads.compactMap { thread in
                let name = "'\(thread.name)' of guest process \(guest.id)"
                let noisy = thread.affinity.subtracting(intent.cpus)
                if thread.stat.isRealtime, !noisy.isEmpty {
                    return .warning(
                        "\(name) is \(thread.stat.schedulingTitle) and may run on CPUs \(noisy), which are not kept quiet",
                        wanted: "one of CPUs \(intent.cpus)",
                        fix: "virsh vcpupin GUEST \(thread.number) CPU --live --config")
                }
                guard !thread.stat.isRealtime, noisy.isEmpty else { return nil }
                return .note(
                    "\(name) has quiet CPUs \(thread.affinity), but unlike others of its guest no real-time policy",
                    wanted: "<vcpusched vcpus='\(thread.number)' scheduler='fifo' priority='1'/>",
                    fix: "virsh edit GUEST")
            }
        }
    }
}

/// A thread that runs one CPU of a guest.
private struct VirtualCPU {
    var number: Int
    var name: String
    var affinity: CPUSet
    var stat: TaskStat

    /// Those of a process.
    static func all(of process: Int32, on machine: any Machine) -> [VirtualCPU] {
        let threads = (try? machine.entries(of: KernelFile(.proc, "\(process)/task"), directoriesOnly: true)) ?? []
        return threads.compactMap { Int32($0) }.sorted().compactMap { thread in
            guard let stat = TaskStat(reading: thread, on: machine), stat.name.hasPrefix("CPU "),
                stat.name.hasSuffix("/KVM"), let number = Int(stat.name.dropFirst(4).dropLast(4)),
                let affinity = try? machine.affinity(of: thread)
            else { return nil }
            return VirtualCPU(number: number, name: stat.name, affinity: affinity, stat: stat)
        }
    }
}

/// The CPUs that OpenStack's nova gives to guests on this machine.
struct NovaSettings: Sendable {
    /// One setting.
    struct Setting: Hashable, Sendable {
        var key: String
        var value: String
        /// Nil when the value is no CPU list.
        var cpus: CPUSet?
        /// A file and its line.
        var place: String
    }

    static let path = "/etc/nova/nova.conf"

    /// The CPUs of guests whose CPUs are pinned.
    private(set) var dedicated: Setting?
    /// The CPUs of all other guests.
    private(set) var shared: Setting?
    /// What cannot be read.
    private(set) var remarks: [RuleResult] = []

    init(_ files: HostFiles, possible: CPUSet) {
        guard let text = files.text(of: Self.path, complaining: &remarks) else { return }
        let settings = Settings(text)
        let setting = { (key: String, section: String) -> Setting? in
            guard let found = settings[key, in: section], !found.value.isEmpty else { return nil }
            return Setting(
                key: key, value: found.value, cpus: CPUSet(cpuSpecification: found.value, possible: possible),
                place: "\(Self.path):\(found.line)")
        }
        // Until Train one setting was for both.
        dedicated = setting("cpu_dedicated_set", "compute") ?? setting("vcpu_pin_set", "DEFAULT")
        shared = setting("cpu_shared_set", "compute")
    }
}
