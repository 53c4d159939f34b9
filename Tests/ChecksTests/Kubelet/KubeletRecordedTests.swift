// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("A real kubelet of 1.20")
struct KubeletRecordedTests {
    private static let hosts = ["v1-cgroupfs", "v2-systemd"]

    private func machine(_ host: String) throws -> MachineText {
        let here = #filePath.dropLast("ChecksTests/Kubelet/KubeletRecordedTests.swift".count)
        func recorded(_ name: String) throws -> String {
            let file = URL(filePath: here + "ContainersTests/Fixtures/\(host)/\(name)")
            return String(decoding: try Data(contentsOf: file), as: UTF8.self)
        }
        var machine = MachineText(online: "0-7", unified: host.hasPrefix("v2"))
        machine.file(kubeletState, try recorded("cpu_manager_state"))
        machine.file(kubeletConfig, try recorded("config.yaml"))
        machine.process(60, "kubelet", "--config=/var/lib/kubelet/config.yaml", "--root-dir=/var/lib/kubelet")
        return machine
    }

    @Test("nothing is wrong with it", arguments: hosts)
    func fine(host: String) throws {
        let report = try looking(at: machine(host)) { CheckReport(of: $0, topics: [.kubelet]) }
        #expect(report.worst < .warning)
        #expect(report.findings.contains { $0.rule == "kubelet.start" && $0.severity == .ok })
        #expect(report.intent == Intent(CPUSet(2...7), .kubelet))
        #expect(
            report.claims.map { "\($0.name) \($0.cpus)" }
                == ["kubelet reserved 0-1", "kubelet shared 0-1,4-7", "kubelet exclusive 2-3"])
    }

    @Test("each change of its state is told", arguments: hosts, ["2-3", "main", "0-1", "static", "206622465"])
    func changed(host: String, part: String) throws {
        var machine = try machine(host)
        let text = machine.files[kubeletState, default: ""]
        let other = part.last == "n" || part.last == "c" ? part + "x" : String(part.dropLast()) + "4"
        machine.file(kubeletState, text.replacing(part, with: other))
        #expect(try severities(of: .kubeletStart, on: machine).contains(.error))
    }
}
