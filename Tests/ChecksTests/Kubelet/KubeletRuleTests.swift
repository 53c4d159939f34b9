// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Rules of kubelet as a whole")
struct KubeletRuleTests {
    @Test("without a kubelet none says anything")
    func silence() throws {
        var plain = MachineText.isolated()
        plain.process(50, "containerd")
        plain.process(51, "crio")
        plain.file("etc/containerd/config.toml", "version = 2\n")
        for machine in [plain, try .shielded()] {
            #expect(try looking(at: machine) { CheckReport(of: $0, topics: [.kubelet]).findings } == [])
        }
    }

    @Test("each has a name of its own, and rests on a page")
    func names() {
        let rules = Rule.kubeletRules
        #expect(Set(rules.map(\.id)).count == rules.count)
        for rule in rules {
            #expect(rule.reference.hasPrefix("https://"))
            #expect(rule.why.hasSuffix("."))
            #expect(!rule.title.hasSuffix("."))
        }
    }

    /// Machines with which next to everything is wrong.
    private static func wrong() throws -> [MachineText] {
        var one = try MachineText.shielded()
        one.threads()
        one.memoryNodes()
        one.file("proc/cmdline", "isolcpus=0-5\n")
        one.file(
            kubeletConfig,
            kubeletText(["cpuManagerPolicy: static", "cgroupDriver: cgroupfs", "systemReserved: {cpu: \"3\"}"]))
        one.file(kubeletState, state(shared: "3-7", pods: ["a": "2-3", "b": "2"]))
        one.process(60, "crio")
        var two = node(
            "cpuManagerPolicy: a", "memoryManagerPolicy: b", "cpuCFSQuotaPeriod: 5s", commandLine: "nohz_full=2")
        two.process(60, "containerd")
        two.file("etc/containerd/config.toml", "version = 2\n")
        let three = staticNode("cgroupDriver: [", files: [kubeletState: "{"])
        return [one, two, three]
    }

    @Test("what each says is one line without a full stop, and says what should be and what mends it")
    func wording() throws {
        var seen: Set<String> = []
        for machine in try Self.wrong() {
            let report = try looking(at: machine) { CheckReport(of: $0, topics: [.kubelet]) }
            for finding in report.findings where finding.severity != .ok {
                seen.insert(finding.rule)
                #expect(finding.wanted?.isEmpty == false && finding.fix?.isEmpty == false, "\(finding.rule)")
                for text in [finding.what, finding.wanted, finding.fix].compactMap({ $0 }) {
                    #expect(!text.contains("\n") && !text.hasSuffix(".") && !text.contains("  "), "\(text)")
                }
            }
        }
        let all = Set(Rule.kubeletRules.map(\.id))
        #expect(seen == all, "\(all.subtracting(seen))")
    }
}
