// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What kubelet's CPU manager gave to whom: its file `cpu_manager_state`, of which all four versions are read.
///
/// kubelet refuses to start when the file does not fit to its configuration or to the machine. rtshield never writes it.
package struct CPUManagerState: Hashable, Sendable {
    /// The most bytes that are read of the file.
    package static let largest = 4 << 20
    /// The name of the file in kubelet's directory.
    package static let fileName = "cpu_manager_state"
    /// How many containers and pods may have CPUs: each has one at least, and no kernel can be built for more.
    package static let mostEntries = 8_192

    /// The version: 1 before kubelet 1.18, 2, 3 in 1.36 when pods have CPUs, 4 from 1.37 on.
    package var version: Int
    /// The policy that wrote the file, such as `static`.
    package var policyName: String
    /// The CPUs that everybody else shares.
    package var defaultCPUs: CPUList
    /// The CPUs of containers, by the uid of the pod and the name of the container.
    package var containers: [String: [String: CPUList]] = [:]
    /// The CPUs of whole pods, by uid; those of their containers may be among them (version 3 and 4).
    package var pods: [String: CPUList] = [:]
    /// The CPUs of containers, by id (version 1).
    package var containersByID: [String: CPUList] = [:]
    /// What the file says of itself.
    let seal: StateChecksum
}

extension CPUManagerState {
    /// The CPUs that containers and pods have for themselves.
    package var exclusiveCPUs: CPUSet {
        var cpus: CPUSet = []
        for list in containers.values.flatMap(\.values) { cpus.formUnion(list.cpus) }
        for list in containersByID.values { cpus.formUnion(list.cpus) }
        for list in pods.values { cpus.formUnion(list.cpus) }
        return cpus
    }

    /// Whether nothing was given to anybody.
    package var isEmpty: Bool { containers.isEmpty && containersByID.isEmpty && pods.isEmpty }
}
