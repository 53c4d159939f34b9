// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What the kernel says now: everything that decisions rest on, read once.
package struct Host: Sendable {
    package var release: String
    package var kernel: KernelVersion
    package var isRealtime: Bool
    /// Differs from boot to boot (`/proc/sys/kernel/random/boot_id`): nothing recorded before a boot is true after it.
    package var bootID: String
    package var boot: BootOptions
    package var topology: Topology
    package var layout: CgroupLayout
    package var groups: CgroupTree
    /// Whether kubelet gives out exclusive CPUs itself (`cpu_manager_state` with the static policy).
    package var kubeletOwnsPods: Bool

    /// CPUs that may be shielded, or be housekeeping CPUs.
    package var online: CPUSet { topology.online }
}

/// Why a machine cannot be observed.
package enum HostError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(FileError)
    case noCpuset
    case unknownKernel(String)

    package var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .noCpuset:
            "no mounted cgroup hierarchy has the cpuset controller: mount cgroup2 at /sys/fs/cgroup, "
                + "or boot without cgroup_disable=cpuset"
        case .unknownKernel(let release): "'\(release)' is no kernel release"
        }
    }
}

extension Host {
    /// Reads a machine, live or recorded.
    package init(observing machine: any Machine) throws(HostError) {
        let read = { (tree: Tree, path: String) -> String? in machine.textIfPresent(of: KernelFile(tree, path)) }
        do throws(FileError) {
            release = String(try machine.text(of: KernelFile(.proc, "sys/kernel/osrelease")).trimmingASCIISpace())
        } catch {
            throw .unreadable(error)
        }
        guard let kernel = KernelVersion(release: release) else { throw .unknownKernel(release) }
        self.kernel = kernel
        isRealtime = KernelVersion.isRealtime(version: read(.proc, "version") ?? "")
        bootID = read(.proc, "sys/kernel/random/boot_id") ?? ""
        topology = Topology(
            reading: { machine.textIfPresent(of: KernelFile(.sys, $0)) },
            list: { (try? machine.entries(of: KernelFile(.sys, $0), directoriesOnly: false)) ?? [] })
        boot = BootOptions(commandLine: read(.proc, "cmdline") ?? "", possible: topology.possible)
        guard let layout = machine.layout else { throw .noCpuset }
        self.layout = layout
        groups = CgroupTree(reading: layout, on: machine)
        kubeletOwnsPods = read(.services, "kubelet/cpu_manager_state")?.contains("\"policyName\":\"static\"") ?? false
    }
}
