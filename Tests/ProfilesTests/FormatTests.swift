// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Profiles
import Reports
import ShieldKit
import Testing
import YAML

@Suite("The formats of settings")
struct FormatTests {
    private static let every = Profile.allCases.flatMap { profile in Format.allCases.map { (profile, $0) } }
    /// Whole cores of a threaded machine, so that each setting is there.
    private static let cpus = "1-3,5-7"

    private func text(_ profile: Profile, _ format: Format) throws -> String {
        try HostSettings(profile, Self.cpus, on: Machines.threaded).text(as: format)
    }

    @Test("are what was last looked at", arguments: every)
    func snapshot(profile: Profile, format: Format) throws {
        try expect(text(profile, format), matches: "\(profile.rawValue)-\(format.rawValue).txt")
    }

    @Test("end in one line end, and have no white space before one", arguments: every)
    func lines(profile: Profile, format: Format) throws {
        let text = try text(profile, format)
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        #expect(!text.split(separator: "\n").contains { $0.hasSuffix(" ") })
    }

    @Test("carry the kernel arguments, whole and in order", arguments: Profile.allCases)
    func carried(profile: Profile) throws {
        let settings = try HostSettings(profile, "2-5")
        let resource = try Node.reading(settings.text(as: .machineConfig))
        let list = try #require(resource["spec", "kernelArguments"]).members.compactMap(\.text)
        let grub = try shell("\(settings.text(as: .grub))\nprintf %s \"$GRUB_CMDLINE_LINUX_DEFAULT\"")
        let ostree = try ostreeWords(settings).map { $0.dropFirst("--append-if-missing=".count) }
        let line = settings.text(as: .commandLine).dropLast()
        for carried in [grub, list.joined(separator: " "), ostree.joined(separator: " ")] { #expect(carried == line) }
    }

    /// Runs the command for rpm-ostree with another program of that name, and gives the options that it gets.
    private func ostreeWords(_ settings: HostSettings) throws -> [String] {
        let directory = try TemporaryDirectory()
        let script = """
            printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@"\\n' >\(directory.path)/rpm-ostree
            chmod 755 \(directory.path)/rpm-ostree
            PATH=\(directory.path):$PATH
            \(settings.text(as: .rpmOSTree))
            """
        let words = try shell(script).split(separator: "\n").map(String.init)
        #expect(words.first == "kargs")
        #expect(words.dropFirst().allSatisfy { $0.hasPrefix("--append-if-missing=") })
        return Array(words.dropFirst())
    }

    @Test(
        "carry what a kernel understands: these CPUs without tick, and in domains or not", arguments: Profile.allCases)
    func understood(profile: Profile) throws {
        let settings = try HostSettings(profile, "2-5,7")
        let boot = settings.boot(from: settings.text(as: .commandLine))
        #expect(boot.nohzFull == "2-5,7".cpus)
        let isPinned = [.ovirt, .openstack].contains(profile)
        #expect(boot.isolatedCPUs == (isPinned ? "2-5,7".cpus : []))
        #expect(boot.isolcpusFlags == (isPinned ? ["managed_irq", "domain"] : ["managed_irq"]))
        let affinity = boot.value(of: "irqaffinity") ?? boot.value(of: "systemd.cpu_affinity") ?? "0-1,6"
        #expect(try CPUSet(parsing: affinity) == "0-1,6".cpus)
    }
}

@Suite("The snippet for GRUB")
struct GrubTests {
    @Test("adds to what is there already, once a blank between", arguments: ["quiet", "quiet splash", "a=\\\"b c\\\""])
    func adding(before: String) throws {
        let settings = try HostSettings(.plain, "2-5")
        let script = "GRUB_CMDLINE_LINUX_DEFAULT=\"\(before)\"\n" + settings.text(as: .grub)
        let after = try shell("\(script)\nprintf %s \"$GRUB_CMDLINE_LINUX_DEFAULT\"")
        #expect(after == before.split(separator: "\\").joined() + " " + settings.kernelArguments.commandLine)
    }

    @Test("has no sign in its value that a script of GRUB's would read", arguments: Profile.allCases)
    func value(profile: Profile) throws {
        let settings = try HostSettings(profile, "2-5,7")
        let value = try shell("\(settings.text(as: .grub))\nprintf %s \"$GRUB_CMDLINE_LINUX_DEFAULT\"")
        #expect(Set(value).isDisjoint(with: "\"'\\$`;&|<>{}()#*?~\n\t"))
    }
}

@Suite("Resources of OpenShift and kubelet")
struct ResourceTests {
    @Test("a MachineConfig has a name and the role of its machines", arguments: Profile.allCases)
    func machineConfig(profile: Profile) throws {
        let resource = try Node.reading(try HostSettings(profile, "2-5").text(as: .machineConfig))
        #expect(resource["apiVersion"]?.text == "machineconfiguration.openshift.io/v1")
        #expect(resource["kind"]?.text == "MachineConfig")
        #expect(resource["metadata", "name"]?.text == "99-worker-rt-rtshield")
        #expect(resource["metadata", "labels", "machineconfiguration.openshift.io/role"]?.text == "worker-rt")
    }

    @Test("kubelet reserves exactly the CPUs that are not isolated", arguments: Profile.allCases)
    func kubelet(profile: Profile) throws {
        let settings = try HostSettings(profile, "1-3,5-7", on: Machines.threaded)
        let resource = try Node.reading(settings.text(as: .kubelet))
        let kind = try #require(resource["kind"]?.text)
        #expect(kind == (profile == .openshift ? "KubeletConfig" : "KubeletConfiguration"))
        let keys = try #require(kind == "KubeletConfig" ? resource["spec", "kubeletConfig"] : resource)
        let reserved = try CPUSet(parsing: try #require(keys["reservedSystemCPUs"]?.text))
        #expect(reserved == "0,4".cpus)
        #expect(reserved.union(settings.isolated) == settings.machine.topology.online)
        #expect(keys["cpuManagerPolicy"]?.text == "static")
        #expect(keys["cpuManagerPolicyOptions", "full-pcpus-only"]?.text == "true")
        #expect(keys["topologyManagerPolicy"]?.text == "best-effort")
    }

    @Test("kubelet is told nothing of whole cores where threads are unknown")
    func options() throws {
        let fragment = try Node.reading(try HostSettings(.plain, "2-5").text(as: .kubelet))
        #expect(fragment["cpuManagerPolicyOptions"] == nil)
        #expect(fragment["reservedSystemCPUs"]?.text == "0-1,6-7")
    }
}
