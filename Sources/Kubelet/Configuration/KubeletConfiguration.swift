// SPDX-License-Identifier: Apache-2.0

package import JSON
import MachineKit

/// What kubelet goes by, as far as it concerns CPUs: its file, the drop-ins over it, and the arguments over both.
///
/// The names are those of the kind `KubeletConfiguration`, `kubelet.config.k8s.io/v1beta1`, of which all other keys are
/// ignored. The defaults are upstream's; a distribution may have others, which it writes into a file.
package struct KubeletConfiguration: Hashable, Sendable {
    // MARK: CPUs

    /// `none` or `static`, which alone gives CPUs to single containers.
    package var cpuManagerPolicy = KubeletSetting(default: "none")
    /// How the static policy chooses CPUs.
    package var cpuManagerPolicyOptions: [String: KubeletSetting<String>] = [:]
    /// How long a container of the shared pool may stay on CPUs that were given away.
    package var cpuManagerReconcilePeriod: KubeletSetting<Period>
    /// The CPUs that are given to nobody, by number; empty when their count alone is told.
    package var reservedSystemCPUs = KubeletSetting(default: CPUList(cpus: []))
    /// What is held back for the system, by resource.
    package var systemReserved: [String: KubeletSetting<Quantity>] = [:]
    /// What is held back for Kubernetes itself, by resource.
    package var kubeReserved: [String: KubeletSetting<Quantity>] = [:]
    /// The group that is held to ``systemReserved``; empty for none.
    package var systemReservedCgroup = KubeletSetting(default: "")
    /// The group that is held to ``kubeReserved``; empty for none.
    package var kubeReservedCgroup = KubeletSetting(default: "")
    /// Whose reservations are enforced by groups: `pods`, `system-reserved`, `kube-reserved`.
    package var enforceNodeAllocatable = KubeletSetting(default: ["pods"])
    /// Whether limits of CPUs are enforced.
    package var cpuCFSQuota = KubeletSetting(default: true)
    /// The period of that limit.
    package var cpuCFSQuotaPeriod: KubeletSetting<Period>

    // MARK: Topology and memory

    /// `none`, `best-effort`, `restricted` or `single-numa-node`.
    package var topologyManagerPolicy = KubeletSetting(default: "none")
    /// `container` or `pod`.
    package var topologyManagerScope = KubeletSetting(default: "container")
    /// `None` or `Static`.
    package var memoryManagerPolicy = KubeletSetting(default: "None")
    /// What the static memory policy holds back on each NUMA node.
    package var reservedMemory: KubeletSetting<[MemoryReservation]> = KubeletSetting(default: [])
    /// At which amounts pods are evicted, by signal such as `memory.available`.
    package var evictionHard: [String: KubeletSetting<String>] = ["memory.available": KubeletSetting(default: "100Mi")]

    // MARK: Groups and features

    /// `cgroupfs` or `systemd`; a runtime that tells its own wins from 1.34 on.
    package var cgroupDriver = KubeletSetting(default: "cgroupfs")
    /// The group below which all groups of pods are; empty for the root.
    package var cgroupRoot = KubeletSetting(default: "")
    /// Whether pods have groups by their quality of service.
    package var cgroupsPerQOS = KubeletSetting(default: true)
    /// Features that are switched on or off, by name.
    package var featureGates: [String: KubeletSetting<Bool>] = [:]
    /// The directory with kubelet's state files.
    package var rootDirectory = KubeletSetting(default: "/var/lib/kubelet")

    /// What kubelet does unless it is told otherwise.
    package init() {
        cpuManagerReconcilePeriod = KubeletSetting(default: Period(seconds: 10))
        cpuCFSQuotaPeriod = KubeletSetting(default: Period(milliseconds: 100))
    }
}

extension KubeletConfiguration {
    /// What is held back of a resource for the system and for Kubernetes together.
    package func reserved(_ resource: String) -> Quantity {
        (systemReserved[resource]?.value ?? .zero) + (kubeReserved[resource]?.value ?? .zero)
    }
}

/// Memory of one node that pods do not get: an item of `reservedMemory`.
package struct MemoryReservation: Hashable, Sendable {
    /// The number of the NUMA node.
    package var node: Int
    /// How many bytes, by type: `memory`, `hugepages-2Mi`.
    package var limits: [String: Quantity]
}

/// A value that kubelet goes by, and who says so.
package struct KubeletSetting<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The value.
    package var value: Value
    /// Who says so.
    package var origin: Origin

    /// Makes a setting.
    package init(_ value: Value, from origin: Origin) {
        self.value = value
        self.origin = origin
    }

    /// Makes a setting of what kubelet does unless it is told otherwise.
    init(default value: Value) { self.init(value, from: .builtIn) }
}

/// Who gave a setting its value.
package enum Origin: Hashable, Sendable {
    /// Nobody: it is kubelet's default.
    case builtIn
    /// A line of a file, from 1.
    case file(String, line: Int)
    /// An argument of kubelet, with its hyphens.
    case flag(String)
}

extension Origin: CustomStringConvertible {
    /// Such as `/var/lib/kubelet/config.yaml:12`, `--reserved-cpus` or `kubelet's default`.
    package var description: String {
        switch self {
        case .builtIn: "kubelet's default"
        case .file(let path, let line): "\(path):\(line)"
        case .flag(let name): name
        }
    }
}

/// Why kubelet's configuration cannot be told; kubelet itself does not start with it.
package enum KubeletConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file cannot be understood; the document is its path.
    case file(DocumentError)
    /// The value of an argument cannot be understood.
    case flag(String, message: String)

    /// The place and what is wrong, on one line.
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .flag(let name, let message): "\(name): \(message)"
        }
    }
}
