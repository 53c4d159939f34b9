// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("What kubelet means and claims")
struct KubeletIntentTests {
    private func intent(_ machine: MachineText) throws -> Intent? { try looking(at: machine) { $0.intent } }

    @Test("what kubelet does not reserve is meant to be quiet, whatever the command line says")
    func kubelet() throws {
        #expect(try intent(staticNode(commandLine: "nohz_full=4-5")) == Intent(CPUSet(2...7), .kubelet))
        #expect(try intent(node(commandLine: "nohz_full=4-5")) == Intent([4, 5], .commandLine))
        #expect(try intent(node()) == nil)
    }

    @Test("the configuration wins over kubelet, and the shield over both")
    func precedence() throws {
        var machine = staticNode(files: ["etc/rtshield/config.yaml": "shield:\n  cpus: 3-4\n"])
        #expect(try intent(machine) == Intent([3, 4], .configuration))
        try machine.journal(
            Shield(
                cpus: [6], partitions: [], placement: .open, housekeeping: CPUSet(0...5), housekeepingMems: [0],
                mems: [0]))
        #expect(try intent(machine) == Intent([6], .shield))
    }

    @Test("a reservation of no CPU that there is, or of all, means nothing", arguments: ["", "8-9", "0-7", "0-9"])
    func nothing(reserved: String) throws { #expect(try intent(staticNode(reserved: reserved)) == nil) }

    @Test("reserved, shared and exclusive CPUs are claims, with their source")
    func claims() throws {
        let machine = staticNode(files: [kubeletState: state(shared: "0-1,4-7", pods: ["a": "2", "b": "3"])])
        let claims = try looking(at: machine) { KubeletClaims.all(in: $0) }
        #expect(
            claims == [
                Claim("kubelet reserved", .reserved, [0, 1], source: "/var/lib/kubelet/config.yaml:4"),
                Claim("kubelet shared", .neither, [0, 1, 4, 5, 6, 7], source: "cpu_manager_state"),
                Claim("kubelet exclusive", .neither, [2, 3], source: "cpu_manager_state"),
            ])
    }

    @Test("a count is a claim too, an empty set is none, and neither is what another policy left")
    func others() throws {
        let counted = staticNode(
            "kubeReserved: {cpu: \"1\"}", reserved: "", files: [kubeletState: state(shared: "0-7")])
        let claims = try looking(at: counted) { KubeletClaims.all(in: $0).map { "\($0.name) \($0.cpus) \($0.source)" } }
        #expect(
            claims == ["kubelet reserved 0 systemReserved and kubeReserved", "kubelet shared 0-7 cpu_manager_state"])
        let none = node("reservedSystemCPUs: \"0-1\"", files: [kubeletState: state(shared: "", policy: "none")])
        #expect(try looking(at: none) { KubeletClaims.all(in: $0) } == [])
        #expect(try looking(at: .shielded()) { KubeletClaims.all(in: $0) } == [])
    }
}
