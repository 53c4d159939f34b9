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

extension HostSettings {
    /// How many bytes of a command line most kernels keep; what comes after is lost without a word (`COMMAND_LINE_SIZE`).
    package static let longestCommandLine = 2048

    /// What a person should know of settings that are possible, and may not be what they meant.
    package var cautions: [String] {
        [boot, offline, split, nodes, vendor, length].compactMap { $0 }
    }

    private var topology: Topology { machine.topology }

    private var boot: String? {
        guard let boot = topology.online.first, isolated.contains(boot) else { return nil }
        return
            "CPU \(boot) starts the machine: a kernel that can suspend takes it out of nohz_full= again, to keep "
            + "the time, and some interrupts go nowhere else; isolate another one"
    }

    private var offline: String? {
        let offline = isolated.intersection(topology.offline)
        return offline.isEmpty ? nil : "CPU \(offline) is offline; the arguments hold for it as soon as it is not"
    }

    private var split: String? {
        let pairs = topology.splitCores(by: isolated)
        guard !pairs.isEmpty else { return nil }
        let (inside, outside) = (CPUSet(pairs.map(\.inside)), CPUSet(pairs.map(\.outside)))
        return
            "CPU \(inside) shares \(inside.count == 1 ? "its core" : "cores") with CPU \(outside), which is not isolated: "
            + "what runs there slows it down; isolate both, or neither"
    }

    private var nodes: String? {
        let lost = topology.nodes.filter { !$0.value.isEmpty && $0.value.isSubset(of: isolated) }.keys
        guard !lost.isEmpty, topology.nodes.count > 1 else { return nil }
        return
            "NUMA node \(MemoryNodes(lost)) keeps no CPU for the system: interrupts and kernel threads that serve it run "
            + "on another node"
    }

    private var vendor: String? {
        let every = profile.kernelArguments(isolated: isolated, housekeeping: housekeeping)
        guard machine.vendor == nil, every.count > kernelArguments.count else { return nil }
        let names = every.filter { !kernelArguments.contains($0) }.map(\.name)
        return "who made the CPUs is unknown, so \(names.joined(separator: ", ")) are left out; give --vendor"
    }

    private var length: String? {
        let count = kernelArguments.commandLine.utf8.count
        guard count > Self.longestCommandLine else { return nil }
        return
            "the arguments are \(count) bytes long, and most kernels cut the command line after \(Self.longestCommandLine): "
            + "isolate CPUs that are neighbours"
    }
}
