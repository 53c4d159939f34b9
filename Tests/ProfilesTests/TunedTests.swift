// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Profiles
import ShieldKit
import Testing
import YAML

@Suite("The profile for tuned")
struct TunedTests {
    /// The sections of a file such as tuned.conf, by name.
    private func sections(_ text: String) -> [String: [String: String]] {
        var sections: [String: [String: String]] = [:]
        var current = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("[") {
                current = String(line.dropFirst().dropLast())
            } else if let equals = line.firstIndex(of: "=") {
                sections[current, default: [:]][String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
        }
        return sections
    }

    /// Runs the script with a directory for `/etc/tuned`, and reads what it wrote.
    private func written(
        _ profile: Profile, hasProfiles: Bool
    ) throws -> (profile: [String: [String: String]], variables: [String: String]?) {
        let settings = try HostSettings(profile, "2-5")
        let directory = try TemporaryDirectory()
        let script = settings.text(as: .tuned).split(separator: "/etc/tuned", omittingEmptySubsequences: false)
            .joined(separator: directory.path)
        let output = try shell("\(hasProfiles ? "mkdir \(directory.path)/profiles\n" : "")\(script)")
        #expect(output == "")
        let text = try directory.read(hasProfiles ? "profiles/rtshield/tuned.conf" : "rtshield/tuned.conf")
        let variables = try settings.tuned.variablesFile.map {
            try directory.read(String($0.dropFirst("/etc/tuned/".count)))
        }
        return (sections(text), variables.flatMap { sections($0)[""] })
    }

    @Test(
        "builds on one that tuned ships, in either directory for profiles",
        arguments: [
            (Profile.plain, "network-latency"), (.ovirt, "realtime"), (.openstack, "realtime-virtual-host"),
        ], [false, true])
    func script(expected: (profile: Profile, parent: String), hasProfiles: Bool) throws {
        let (profile, variables) = try written(expected.profile, hasProfiles: hasProfiles)
        #expect(profile["main"]?["include"] == expected.parent)
        #expect(
            variables == (expected.profile == .plain ? nil : ["isolated_cores": "2-5", "isolate_managed_irq": "Y"]))
        #expect(profile["bootloader"]?["cmdline_rtshield"]?.hasPrefix("+") == true)
    }

    @Test("gives with its parent every kernel argument of the profile, and none twice")
    func arguments() throws {
        let realtime = "isolcpus=managed_irq,domain,2-5 intel_pstate=disable nosoftlockup"
        let parents = [
            Profile.plain: "skew_tick=1", .ovirt: "skew_tick=1 \(realtime)",
            .openstack: "skew_tick=1 \(realtime) nohz=on nohz_full=2-5 rcu_nocbs=2-5",
        ]
        for (profile, parent) in parents {
            let own = try #require(try written(profile, hasProfiles: true).profile["bootloader"]?["cmdline_rtshield"])
            let all = (own.dropFirst() + " " + parent).split(separator: " ").map(String.init)
            let wanted = try HostSettings(profile, "2-5").kernelArguments.map(\.text)
            #expect(all.sorted() == wanted.sorted())
        }
    }

    @Test("is a resource of the node tuning operator's on OpenShift, which takes the place of cpu-partitioning's line")
    func resource() throws {
        let settings = try HostSettings(.openshift, "2-5")
        let resource = try Node.reading(settings.text(as: .tuned))
        #expect(resource["apiVersion"]?.text == "tuned.openshift.io/v1")
        #expect(resource["kind"]?.text == "Tuned")
        let entry = try #require(resource["spec", "profile"]?.members.first)
        let recommended = try #require(resource["spec", "recommend"]?.members.first)
        #expect(entry["name"]?.text == recommended["profile"]?.text)
        #expect(recommended["machineConfigLabels", "machineconfiguration.openshift.io/role"]?.text == "worker-rt")
        let profile = sections(try #require(entry["data"]?.text))
        #expect(profile["main"]?["include"] == "openshift-node,cpu-partitioning")
        #expect(profile["variables"] == ["isolated_cores": "2-5"])
        #expect(profile["irqbalance"] == ["enabled": "false"])
        let line = try #require(profile["bootloader"]?["cmdline_cpu_part"])
        #expect("skew_tick=1 " + line.dropFirst() == settings.kernelArguments.commandLine)
    }
}
