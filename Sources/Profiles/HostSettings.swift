// SPDX-License-Identifier: Apache-2.0

package import MachineKit
import ShieldKit

/// What a host is given so that boot, kubelet, tuned, systemd and irqbalance agree with a shield.
///
/// It follows from its three arguments alone: the same for a machine here and for one that is only described.
package struct HostSettings: Hashable, Sendable {
    package let profile: Profile
    /// The CPUs for real-time work.
    package let isolated: CPUSet
    /// All others that are online.
    package let housekeeping: CPUSet
    package let machine: Hardware
    /// The arguments of the kernel's command line, in order; each name is there once.
    package let kernelArguments: [KernelArgument]
    /// Arguments that are often given by hand, and are not here.
    package let leftOut: [LeftOut]
    package let kubelet: KubeletSettings
    package let tuned: TunedSettings
    package let services: ServiceSettings

    /// Decides what a machine is given.
    ///
    /// - Parameters:
    ///   - profile: What kind of host it is.
    ///   - isolated: The CPUs for real-time work; they may be offline.
    ///   - machine: What is known of it.
    /// - Throws: ``HostSettingsError`` when it has not these CPUs, or no others.
    package init(profile: Profile, isolated: CPUSet, machine: Hardware) throws(HostSettingsError) {
        let topology = machine.topology
        guard !isolated.isEmpty else { throw .nothingIsolated }
        let absent = isolated.subtracting(topology.present)
        guard absent.isEmpty else { throw .absent(absent, present: topology.present) }
        let housekeeping = topology.online.subtracting(isolated)
        guard !housekeeping.isEmpty else { throw .nothingLeft(online: topology.online) }

        let arguments = profile.kernelArguments(isolated: isolated, housekeeping: housekeeping)
        self.profile = profile
        self.isolated = isolated
        self.housekeeping = housekeeping
        self.machine = machine
        kernelArguments = arguments.filter { argument in
            machine.vendor.map(argument.vendors.contains) ?? (argument.vendors.count == CPUVendor.allCases.count)
        }
        leftOut = profile.leftOut
        kubelet = KubeletSettings(isolated: isolated, housekeeping: housekeeping, topology: topology)
        tuned = TunedSettings(profile: profile, isolated: isolated, arguments: kernelArguments)
        services = ServiceSettings(profile: profile, isolated: isolated, housekeeping: housekeeping)
    }
}

/// Why a machine cannot be given settings for some CPUs; each is a mistake in what was asked.
package enum HostSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    case nothingIsolated
    case absent(CPUSet, present: CPUSet)
    case nothingLeft(online: CPUSet)

    package var description: String {
        switch self {
        case .nothingIsolated: "no CPUs to isolate"
        case .absent(let cpus, let present): "CPU \(cpus) does not exist: the machine has CPUs \(present)"
        case .nothingLeft(let online): "CPUs \(online) are all that are online: leave at least one to the system"
        }
    }
}
