// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

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
