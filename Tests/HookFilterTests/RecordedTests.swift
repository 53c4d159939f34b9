// SPDX-License-Identifier: Apache-2.0

import HookFilter
import Linux
import MachineKit
import Testing

@Suite("Containers that a real kubelet made, at the door")
struct RecordedTests {
    private static let hosts = ["v1-cgroupfs", "v2-systemd"]
    private static let bundles = ["rt-container", "rt-sandbox", "be-container", "be-sandbox"]

    private func configuration(_ host: String, _ bundle: String) throws -> String {
        let path = String(#filePath.dropLast("HookFilterTests/RecordedTests.swift".count))
        let file = "\(path)ContainersTests/Fixtures/\(host)/\(bundle)/config.json"
        return String(decoding: try FileDescriptor.open(file, .reading).readAll(limit: 1 << 20), as: UTF8.self)
    }

    @Test("are all let through without a shield", arguments: hosts, bundles)
    func unshielded(host: String, bundle: String) throws {
        #expect(HookInvocation(configuration: .text(try configuration(host, bundle))).answer == .nothingToDo)
    }

    @Test("are handed over beside a shield, but for the one with the CPUs that are left", arguments: hosts, bundles)
    func shielded(host: String, bundle: String) throws {
        let visit = HookInvocation(configuration: .text(try configuration(host, bundle)), journal: .unclear)
        #expect(visit.answer == (bundle == "be-container" ? .nothingToDo : .handOver))
    }

    @Test("are never let through with a request among their annotations, wherever it stands", arguments: hosts, bundles)
    func wishing(host: String, bundle: String) throws {
        let text = try configuration(host, bundle)
        for key in ["rtshield.io/cpus", #"rtshield.io\/cpus"#, "\\u0072tshield.io/cpus", "cpu-quota.crio.io/main"] {
            let places = text.ranges(of: "\"io.kubernetes").map(\.lowerBound)
            #expect(places.count >= 4)
            for place in places {
                let wishing = text[..<place] + "\"\(key)\":\"x\"," + text[place...]
                #expect(HookInvocation(configuration: .text(String(wishing))).answer == .handOver, "\(wishing)")
            }
        }
    }
}
