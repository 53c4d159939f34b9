// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Profiles
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("CPUs that kubelet reserves")
struct KubeletReservationTests {
    @Test("another policy than static is noted where CPUs are meant to be quiet")
    func policy() throws {
        let found = try remark(of: .kubeletPolicy, on: node(commandLine: "nohz_full=2-5"))
        #expect(found.severity == .note)
        #expect(found.what == "cpuManagerPolicy is none (kubelet's default), and CPUs 2-5 are meant to be quiet")
        #expect(found.fix == "rtshield kargs --cpus 2-5 --format kubelet")
        #expect(try severities(of: .kubeletPolicy, on: node()) == [])
        #expect(try severities(of: .kubeletPolicy, on: staticNode()) == [.ok])
    }

    @Test("an argument that would win over the mended file is named")
    func argument() throws {
        var machine = node(commandLine: "nohz_full=2-5")
        machine.process(60, "kubelet", "--config=/var/lib/kubelet/config.yaml", "--cpu-manager-policy=none")
        #expect(
            try remark(of: .kubeletPolicy, on: machine).fix
                == "rtshield kargs --cpus 2-5 --format kubelet, and no --cpu-manager-policy in kubelet's arguments")
    }

    @Test("the kind of host that was told is in the command")
    func profile() throws {
        let fixes = try looking(at: node(commandLine: "nohz_full=2-5"), profile: .openshift) {
            Rule.kubeletPolicy.look($0).map(\.fix)
        }
        #expect(fixes == ["rtshield kargs --cpus 2-5 --profile openshift --format kubelet"])
    }

    /// A shield on CPUs 2-5, beside which kubelet reserves some.
    private func shielded(_ reserved: String, _ keys: String...) throws -> MachineText {
        var machine = try MachineText.shielded()
        let all =
            ["cpuManagerPolicy: static"] + (reserved.isEmpty ? [] : ["reservedSystemCPUs: \"\(reserved)\""]) + keys
        machine.file(kubeletConfig, kubeletText(all))
        return machine
    }

    @Test("reserved CPUs on the shield, and others that are given out, are warnings")
    func reserved() throws {
        let found = try remarks(of: .kubeletReservation, on: shielded("0-2"))
        #expect(found.map(\.severity) == [.warning, .warning])
        #expect(
            found.first?.what == "kubelet reserves CPU 2, which the shield keeps quiet (/var/lib/kubelet/config.yaml:4)"
        )
        #expect(found.last?.what == "kubelet gives CPUs 6-7 to pods, but the shield does not keep them quiet")
        #expect(found.allSatisfy { $0.wanted == "reservedSystemCPUs: \"0-1,6-7\"" })
        #expect(found.allSatisfy { $0.fix == "rtshield kargs --cpus 2-5 --format kubelet" })
    }

    @Test("the CPUs beside the shield are fine, and those that only kubelet means are its own matter")
    func matching() throws {
        #expect(try remarks(of: .kubeletReservation, on: shielded("0-1,6-7")) == [.ok("kubelet reserves CPUs 0-1,6-7")])
        #expect(try severities(of: .kubeletReservation, on: staticNode()) == [])
        #expect(try severities(of: .kubeletReservation, on: shielded("")) == [])
    }

    @Test("a group that keeps kubelet from taking CPUs by number is named")
    func group() throws {
        let found = try remarks(
            of: .kubeletReservation, on: shielded("", "systemReservedCgroup: /system", "systemReserved: {cpu: \"4\"}"))
        #expect(found.first?.what.contains("(systemReserved and kubeReserved)") == true)
        #expect(
            found.first?.fix?.hasSuffix(", and without systemReservedCgroup, which cannot be combined with it") == true)
    }

    @Test("a reservation by count is noted, with the CPUs that kubelet takes")
    func counted() throws {
        var machine = staticNode("systemReserved: {cpu: 500m}", "kubeReserved: {cpu: \"1\"}", reserved: "")
        let found = try remark(of: .kubeletCounted, on: machine)
        #expect(found.severity == .note)
        #expect(
            found.what
                == "systemReserved and kubeReserved come to a cpu of 1500m: kubelet reserves 2, and takes CPUs 0-1")
        #expect(
            found.fix == "reservedSystemCPUs: \"0-1\" in /var/lib/kubelet/config.yaml, then systemctl restart kubelet")
        machine.threads()
        #expect(try remark(of: .kubeletCounted, on: machine).what.hasSuffix("takes CPUs 0,4"))
        #expect(try looking(at: machine) { $0.kubelet?.reserved } == [0, 4])
        #expect(try severities(of: .kubeletCounted, on: staticNode()) == [])
    }

    @Test("where a shield stands, its other CPUs are those to name")
    func countedBesideShield() throws {
        let machine = try shielded("", "systemReserved: {cpu: \"2\"}")
        #expect(
            try remark(of: .kubeletCounted, on: machine).fix?.hasPrefix("reservedSystemCPUs: \"0-1,6-7\" in ") == true)
    }

    @Test("a count that only kubelet can spread is noted without the CPUs")
    func spread() throws {
        let machine = staticNode(
            "systemReserved: {cpu: \"2\"}", "cpuManagerPolicyOptions: {distribute-cpus-across-numa: \"true\"}",
            reserved: "")
        let found = try remark(of: .kubeletCounted, on: machine)
        #expect(found.what.hasSuffix("kubelet reserves 2"))
        #expect(found.fix?.hasPrefix("reservedSystemCPUs: \"0-1\" in ") == true)
    }

    @Test("a count that keeps kubelet from starting is told once", arguments: ["0", "9"])
    func impossible(count: String) throws {
        let machine = staticNode("systemReserved: {cpu: \"\(count)\"}", reserved: "")
        #expect(try severities(of: .kubeletCounted, on: machine) == [])
        #expect(try severities(of: .kubeletStart, on: machine) == [.error])
        #expect(try looking(at: machine) { $0.intent } == nil)
    }

    @Test("a shared pool on reserved CPUs is noted, and the other options are kept")
    func strict() throws {
        let found = try remark(
            of: .kubeletStrict, on: staticNode("cpuManagerPolicyOptions: {full-pcpus-only: \"true\"}"))
        #expect(found.severity == .note)
        #expect(found.what == "strict-cpu-reservation is off: pods of the shared pool run on the reserved CPUs")
        #expect(
            found.fix
                == "cpuManagerPolicyOptions: {full-pcpus-only: \"true\", strict-cpu-reservation: \"true\"} in "
                + "/var/lib/kubelet/config.yaml, then " + KubeletRemedy.renewing("/var/lib/kubelet/cpu_manager_state"))
        let strict = staticNode("cpuManagerPolicyOptions: {strict-cpu-reservation: \"true\"}")
        #expect(try severities(of: .kubeletStrict, on: strict) == [.ok])
        #expect(try severities(of: .kubeletStrict, on: node()) == [])
    }

    @Test("options that arguments give are mended there")
    func flags() throws {
        var machine = staticNode()
        machine.process(
            60, "kubelet", "--config=/var/lib/kubelet/config.yaml",
            "--cpu-manager-policy-options=full-pcpus-only=true")
        #expect(
            try remark(of: .kubeletStrict, on: machine).fix?.hasPrefix(
                "--cpu-manager-policy-options=full-pcpus-only=true --cpu-manager-policy-options=strict-cpu-reservation=true in "
                    + "kubelet's arguments") == true)
    }
}
