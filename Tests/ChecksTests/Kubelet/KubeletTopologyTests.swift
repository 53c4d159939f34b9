// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("Cores and NUMA nodes of containers")
struct KubeletTopologyTests {
    private func threaded(_ keys: String..., reserved: String) -> MachineText {
        var machine = staticNode(reserved: reserved)
        machine.threads()
        machine.file(kubeletConfig, machine.files[kubeletConfig, default: ""] + keys.map { $0 + "\n" }.joined())
        return machine
    }

    private static let full = "cpuManagerPolicyOptions: {full-pcpus-only: \"true\"}"

    @Test("half a core in the reservation is a warning")
    func split() throws {
        let found = try remark(of: .kubeletCores, on: threaded(Self.full, reserved: "0-1"))
        #expect(found.severity == .warning)
        #expect(
            found.what == "kubelet reserves CPUs 0-1, but leaves CPUs 4-5, threads of the same cores, to pods")
        #expect(
            found.fix
                == "reservedSystemCPUs: \"0-1,4-5\" in /var/lib/kubelet/config.yaml, then systemctl restart kubelet")
        #expect(try severities(of: .kubeletCores, on: threaded(Self.full, reserved: "0,4")) == [.ok])
    }

    @Test("an argument that reserves half a core is mended as an argument")
    func argument() throws {
        var machine = threaded(Self.full, reserved: "0,4")
        machine.process(60, "kubelet", "--config=/var/lib/kubelet/config.yaml", "--reserved-cpus=0")
        #expect(
            try remark(of: .kubeletCores, on: machine).fix?.hasPrefix("--reserved-cpus=0,4 in kubelet's arguments")
                == true)
    }

    @Test("threads without full-pcpus-only are noted, and single ones are not")
    func full() throws {
        let found = try remark(of: .kubeletCores, on: threaded(reserved: "0,4"))
        #expect(found.severity == .note)
        #expect(found.what.hasPrefix("full-pcpus-only is off"))
        #expect(
            found.fix
                == "cpuManagerPolicyOptions: {full-pcpus-only: \"true\"} in /var/lib/kubelet/config.yaml, "
                + "then systemctl restart kubelet")
        #expect(try severities(of: .kubeletCores, on: staticNode()) == [])
    }

    @Test("the option that full-pcpus-only excludes does not stay beside it")
    func excluded() throws {
        let machine = threaded(
            "featureGates: {CPUManagerPolicyAlphaOptions: true}",
            "cpuManagerPolicyOptions: {distribute-cpus-across-cores: \"true\", strict-cpu-reservation: \"true\"}",
            reserved: "0,4")
        #expect(
            try remark(of: .kubeletCores, on: machine).fix?.hasPrefix(
                "cpuManagerPolicyOptions: {full-pcpus-only: \"true\", strict-cpu-reservation: \"true\"} in ") == true)
    }

    @Test("several NUMA nodes without a policy for them are noted")
    func nodes() throws {
        var machine = staticNode()
        #expect(try severities(of: .kubeletNodes, on: machine) == [])
        machine.memoryNodes()
        let found = try remark(of: .kubeletNodes, on: machine)
        #expect(found.severity == .note)
        #expect(
            found.what == "this machine has 2 NUMA nodes, and topologyManagerPolicy is none (kubelet's default)")
        #expect(
            found.fix
                == "topologyManagerPolicy: best-effort in /var/lib/kubelet/config.yaml, then systemctl restart kubelet")
        var aligned = staticNode("topologyManagerPolicy: restricted")
        aligned.memoryNodes()
        #expect(try severities(of: .kubeletNodes, on: aligned) == [.ok])
    }
}
