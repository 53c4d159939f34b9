// SPDX-License-Identifier: Apache-2.0

package import JSON
package import Kubelet
package import MachineKit

/// What kubelet's CPU manager gave to whom, as it is asked about one container.
///
/// The checksum of the file is not looked at: it says nothing of a container.
package struct KubeletCPUs: Hashable, Sendable {
    /// The most bytes that are read of the file.
    package static let largest = CPUManagerState.largest
    /// The name of the file in kubelet's directory.
    package static let fileName = CPUManagerState.fileName

    /// The policy; only `static` gives CPUs to single containers.
    package var policy: String
    /// The CPUs that everybody else shares.
    package var shared: CPUSet
    /// The CPUs of containers, by the uid of the pod and the name of the container.
    package var containers: [String: [String: CPUSet]] = [:]
    /// The CPUs of whole pods, by uid (1.36 and newer).
    package var pods: [String: CPUSet] = [:]
    /// The CPUs of containers by id, before 1.18.
    package var containersByID: [String: CPUSet] = [:]

    /// Reads the file.
    ///
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(reading text: [UInt8]) throws(DocumentError) {
        self.init(try CPUManagerState(reading: text))
    }

    /// Takes from kubelet's file what containers are asked about.
    package init(_ state: CPUManagerState) {
        policy = state.policyName
        shared = state.defaultCPUs.cpus
        containers = state.containers.filter { !$0.value.isEmpty }.mapValues { $0.mapValues(\.cpus) }
        pods = state.pods.mapValues(\.cpus)
        containersByID = state.containersByID.mapValues(\.cpus)
    }

    /// The CPUs that are the container's, or its pod's, alone; nil when it shares those of everybody.
    package func exclusive(to container: Container) -> CPUSet? {
        if let id = container.id, let cpus = containersByID[id.text] { return cpus }
        guard let uid = container.podUID else { return nil }
        let entries = containers[uid] ?? [:]
        guard let name = container.name else {
            // Docker does not tell names. No two entries share a CPU, and none has one of the shared pool.
            return entries.values.first { $0 == container.spec.cpu.cpus } ?? pods[uid]
        }
        return entries[name] ?? pods[uid]
    }
}
