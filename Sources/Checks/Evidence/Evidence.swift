// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import Configuration
import Containers
package import Kubelet
package import MachineKit
package import Profiles
import Reports
package import ShieldKit
import Synchronization

/// What rules look at: one machine, live or recorded, of which everything that several rules need was read once.
package struct Evidence: Sendable {
    let machine: any Machine
    let files: HostFiles
    package let host: Host
    /// The shield that stands; nil without one.
    let shield: Shield?
    /// What rtshield did to it; nil when nothing.
    let journal: Journal?
    /// What rtshield is told; nil without a configuration, or when it cannot be read.
    let configuration: Configuration?
    /// The shield that the configuration comes to here; nil when it wants none, or one that does not fit.
    let configuredShield: Shield?
    /// What is wrong with the configuration, each with its place.
    let configurationFaults: [String]
    let daemons: Daemons
    /// What kubelet goes by; nil where nothing speaks of one.
    let kubelet: KubeletEvidence?
    /// The CPUs that are meant to be quiet; nil where nobody means any to be.
    package let intent: Intent?
    /// The kind of host that it is said to be; nil where nobody said.
    let profile: Profile?
    /// What only some rules need.
    let lazy: LazyEvidence

    /// Reads a machine.
    ///
    /// - Parameters:
    ///   - shielding: What was observed of it.
    ///   - files: Its ordinary files.
    ///   - configuration: What rtshield is told there; nil for what its file says.
    ///   - profile: The kind of host that it is said to be; nil where nobody said.
    ///   - kubeletConfiguration: A configuration of kubelet that stands for the machine's; nil for its own.
    package init(
        _ shielding: ShieldOperations, files: HostFiles, configuration: Configuration? = nil, profile: Profile? = nil,
        kubeletConfiguration: KubeletConfigurationFile? = nil
    ) {
        self.profile = profile
        machine = shielding.machine
        self.files = files
        host = shielding.host
        shield = shielding.current?.shield
        journal = shielding.journal
        let reading = configuration.map { ConfigurationReading($0) } ?? ConfigurationReading(files)
        self.configuration = reading.configuration
        configuredShield = reading.configuration?.shield.flatMap { [host] in
            try? Shield($0, on: host)
        }
        configurationFaults = reading.faults
        daemons = Daemons(of: shielding.machine)
        kubelet = KubeletEvidence(files, daemons, topology: host.topology, named: kubeletConfiguration)
        intent = Self.intent(shield, configured: configuredShield, kubelet, host)
        lazy = LazyEvidence(
            machine: machine, files: files, host: host, shield: shield, configuration: reading.configuration,
            daemons: daemons, kubelet: kubelet?.cpuState)
    }

    private static func intent(
        _ shield: Shield?, configured: Shield?, _ kubelet: KubeletEvidence?, _ host: Host
    ) -> Intent? {
        if let shield { return Intent(shield.cpus, .shield) }
        if let configured { return Intent(configured.cpus, .configuration) }
        // kubelet does not start where no CPU that is online is reserved.
        if let kubelet, kubelet.isStatic, let reserved = kubelet.reserved?.intersection(host.online),
            !reserved.isEmpty, reserved != host.online
        {
            return Intent(host.online.subtracting(reserved), .kubelet)
        }
        let boot = host.boot.isolatedCPUs.union(host.boot.nohzFull)
        return boot.isEmpty ? nil : Intent(boot, .commandLine)
    }

    /// The CPUs that are not meant to be quiet.
    var housekeeping: CPUSet { host.online.subtracting(intent?.cpus ?? []) }

    /// Reads a file of the kernel; nil when it is missing or unreadable.
    func value(_ tree: Tree, _ path: String) -> String? { machine.textIfPresent(of: KernelFile(tree, path)) }

    /// Reads a setting of `/proc/sys`, named as sysctl(8) does: `kernel.timer_migration`.
    func sysctl(_ name: String) -> String? {
        value(.proc, "sys/" + String(name.map { $0 == "." ? "/" : $0 }))
    }
}

/// What only some rules need to know of a machine: each looked up once, when the first of them asks.
struct LazyEvidence: Sendable {
    let irqbalance: Lazy<Irqbalance?>
    let built: Lazy<KernelConfiguration?>
    let systemd: Lazy<SystemdSettings>
    let tuned: Lazy<Tuned?>
    let nova: Lazy<NovaSettings>
    let docker: Lazy<DockerFile>
    let containerd: Lazy<ContainerdRuntime>
    let hooks: Lazy<EngineHooks>
    let containers: Lazy<RunningContainers>

    init(
        machine: any Machine, files: HostFiles, host: Host, shield: Shield?, configuration: Configuration?,
        daemons: Daemons, kubelet: CPUManagerState?
    ) {
        let boot = host.boot, possible = host.topology.possible
        irqbalance = Lazy { Irqbalance(on: machine) }
        built = Lazy { KernelConfiguration(of: host.release, files) }
        systemd = Lazy { SystemdSettings(files, boot: boot) }
        tuned = Lazy { Tuned(files, possible: possible) }
        nova = Lazy { NovaSettings(files, possible: possible) }
        docker = Lazy { DockerFile(files) }
        containerd = Lazy { ContainerdRuntime(files, daemons) }
        hooks = Lazy { EngineHooks(files, daemons) }
        containers = Lazy {
            RunningContainers(
                on: machine, files: files, host: host, shield: shield, configuration: configuration,
                kubelet: kubelet.map(KubeletCPUs.init))
        }
    }
}

extension Evidence {
    /// The irqbalance that runs and answers; nil without one.
    var irqbalance: Irqbalance? { lazy.irqbalance.value }
    /// What the kernel was built with; nil where nothing tells.
    var built: KernelConfiguration? { lazy.built.value }
    /// What systemd is told of CPUs.
    var systemd: SystemdSettings { lazy.systemd.value }
    /// What tuned is told; nil without an active profile.
    var tuned: Tuned? { lazy.tuned.value }
    /// What OpenStack's nova is told.
    var nova: NovaSettings { lazy.nova.value }
    /// What Docker's daemon.json says of runtimes.
    var docker: DockerFile { lazy.docker.value }
    /// What containerd's configuration says of rtshield's runtime.
    var containerd: ContainerdRuntime { lazy.containerd.value }
    /// Where Podman and CRI-O look for hooks, and what is there.
    var hooks: EngineHooks { lazy.hooks.value }
    /// The containers that run, and what they were granted.
    var containers: RunningContainers { lazy.containers.value }
}

/// Something that is costly to find out: when somebody first asks for it, and never again.
final class Lazy<Value: Sendable>: Sendable {
    private let known = Mutex<Value?>(nil)
    private let find: @Sendable () -> Value

    init(_ find: @escaping @Sendable () -> Value) { self.find = find }

    /// What was found.
    var value: Value {
        known.withLock { known in
            let value = known ?? find()
            known = value
            return value
        }
    }
}
