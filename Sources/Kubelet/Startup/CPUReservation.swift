// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// The CPUs that kubelet's static policy gives to nobody alone.
package enum CPUReservation: Hashable, Sendable {
    /// They are told by number, which wins over all counts.
    case named(CPUSet)
    /// They are counted, and kubelet takes them by topology; nil when it cannot be told which.
    case counted(Quantity, cpus: CPUSet?)

    /// Finds what a configuration comes to on a machine.
    package init(_ configuration: KubeletConfiguration, topology: Topology) {
        let named = configuration.reservedSystemCPUs.value.cpus
        guard named.isEmpty else {
            self = .named(named)
            return
        }
        let amount = configuration.reserved("cpu")
        let count = Self.count(of: amount)
        // These take other CPUs, of which the kernel's topology alone does not tell enough.
        let isPacked = !PolicyOption.allCases.contains { $0.changesReservation && configuration.isOn($0) }
        self = .counted(amount, cpus: isPacked ? topology.packed(count) : nil)
    }

    /// How many CPUs there are: a part of one is a whole one.
    package var count: Int {
        switch self {
        case .named(let cpus): cpus.count
        case .counted(let amount, _): Self.count(of: amount)
        }
    }

    /// The CPUs; nil when it cannot be told which.
    package var cpus: CPUSet? {
        switch self {
        case .named(let cpus): cpus
        case .counted(_, let cpus): cpus
        }
    }

    private static func count(of amount: Quantity) -> Int { amount.whole }
}
