// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Configuration
import Containers
import Kubelet
import MachineKit
import ShieldKit

/// What only some rules need to know of a machine: each looked up once, when the first of them asks.
struct Lookups: Sendable {
    let irqbalance: Once<Irqbalance?>
    let built: Once<KernelConfiguration?>
    let systemd: Once<SystemdSettings>
    let tuned: Once<Tuned?>
    let nova: Once<NovaSettings>
    let docker: Once<DockerFile>
    let containerd: Once<ContainerdRuntime>
    let hooks: Once<EngineHooks>
    let containers: Once<RunningContainers>

    init(
        machine: any Machine, files: HostFiles, host: Host, shield: Shield?, configuration: Configuration?,
        daemons: Daemons, kubelet: CPUManagerState?
    ) {
        let boot = host.boot, possible = host.topology.possible
        irqbalance = Once { Irqbalance(on: machine) }
        built = Once { KernelConfiguration(of: host.release, files) }
        systemd = Once { SystemdSettings(files, boot: boot) }
        tuned = Once { Tuned(files, possible: possible) }
        nova = Once { NovaSettings(files, possible: possible) }
        docker = Once { DockerFile(files) }
        containerd = Once { ContainerdRuntime(files, daemons) }
        hooks = Once { EngineHooks(files, daemons) }
        containers = Once {
            RunningContainers(
                on: machine, files: files, host: host, shield: shield, configuration: configuration,
                kubelet: kubelet.map(KubeletCPUs.init))
        }
    }
}

extension Evidence {
    /// The irqbalance that runs and answers; nil without one.
    var irqbalance: Irqbalance? { lookups.irqbalance.value }
    /// What the kernel was built with; nil where nothing tells.
    var built: KernelConfiguration? { lookups.built.value }
    /// What systemd is told of CPUs.
    var systemd: SystemdSettings { lookups.systemd.value }
    /// What tuned is told; nil without an active profile.
    var tuned: Tuned? { lookups.tuned.value }
    /// What OpenStack's nova is told.
    var nova: NovaSettings { lookups.nova.value }
    /// What Docker's daemon.json says of runtimes.
    var docker: DockerFile { lookups.docker.value }
    /// What containerd's configuration says of rtshield's runtime.
    var containerd: ContainerdRuntime { lookups.containerd.value }
    /// Where Podman and CRI-O look for hooks, and what is there.
    var hooks: EngineHooks { lookups.hooks.value }
    /// The containers that run, and what they were granted.
    var containers: RunningContainers { lookups.containers.value }
}
