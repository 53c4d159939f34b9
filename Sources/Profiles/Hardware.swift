// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What the settings of a host depend on: its CPUs, and who made them.
package struct Hardware: Hashable, Sendable {
    /// CPUs, cores and NUMA nodes.
    package var topology: Topology
    /// Who made the CPUs; nil when nothing says so.
    package var vendor: CPUVendor?

    /// Puts together what is known of a machine.
    package init(topology: Topology, vendor: CPUVendor?) {
        self.topology = topology
        self.vendor = vendor
    }

    /// Reads a machine, live or recorded: `/sys/devices/system` and `/proc/cpuinfo`.
    package init(observing machine: any Machine) {
        topology = Topology(
            reading: { machine.textIfPresent(of: KernelFile(.sys, $0)) },
            list: { (try? machine.entries(of: KernelFile(.sys, $0), directoriesOnly: false)) ?? [] })
        vendor = machine.textIfPresent(of: KernelFile(.proc, "cpuinfo")).map { CPUVendor(cpuinfo: $0) }
    }
}

/// Who made the CPUs of a machine, as far as kernel arguments differ.
package enum CPUVendor: String, CaseIterable, Hashable, Sendable {
    case intel
    case amd
    /// Anybody else, and every architecture but x86.
    case other

    /// Finds the vendor in the text of `/proc/cpuinfo`; the first CPU speaks for all.
    package init(cpuinfo: some StringProtocol) {
        let line = cpuinfo.split(separator: "\n").first { $0.hasPrefix("vendor_id") }
        switch line?.split(whereSeparator: { $0 == ":" || $0.isWhitespace }).last {
        case "GenuineIntel": self = .intel
        case "AuthenticAMD": self = .amd
        default: self = .other
        }
    }
}
