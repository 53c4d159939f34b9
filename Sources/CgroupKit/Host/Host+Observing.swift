// SPDX-License-Identifier: Apache-2.0

package import MachineKit

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
