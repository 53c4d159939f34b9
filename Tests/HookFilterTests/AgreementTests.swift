// SPDX-License-Identifier: Apache-2.0

import Containers
import HookFilter
import MachineKit
import Testing

/// Numbers that look random, and are the same in each run.
private struct Dice: RandomNumberGenerator {
    var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 32) | (state << 32)
    }
}

@Suite("The filter and the parser")
struct AgreementTests {
    private static let names = [
        "status", "bundle", "id", "cpus", "cpu", "linux", "cgroupsPath", "annotations", #"x\"status"#, #"x\"cpus"#,
        #"x\"cgroupsPath"#, #"x\"bundle"#, "rtshield.io/cpus", #"rtshield.io\/cpus"#, "cpu-quota.crio.io",
        #"rtshield\u002eio/cpus"#, #"cpu\u0073"#, "a", "b", "c", "d", "e", "f",
    ]
    private static let values = [
        "", "creating", "stopped", "/evil", "0-1", "/kubepods/burstable/pod1/x", #"\"cpus\":\"0-1\""#, "}", "{", #"\\"#,
        #"\"linux\":{\"cpu\":{"#, "status", "cpus", #"\u003c"#, "x", "y", "z",
    ]
    private static let groups = [
        "/kubepods/burstable/pod1/x", "/kubepods/pod1/x", "system.slice:docker:x", "kubepods-besteffort-pod1.slice:c:x",
    ]
    private static let cpus = [#""shares":2"#, #""cpus":"0-1""#, #""cpus":"""#]

    private func annotations(_ dice: inout Dice) -> String {
        Self.names.shuffled(using: &dice).prefix(Int.random(in: 0...2, using: &dice)).map { name in
            "\"\(name)\":\"\(Self.values.randomElement(using: &dice) ?? "")\""
        }.joined(separator: ",")
    }

    @Test("agree on whoever is let through beside a shield")
    func agree() throws {
        var dice = Dice()
        var count = 0
        for _ in 0..<2_000 {
            let text = HookInvocation.configuration(
                path: Self.groups.randomElement(using: &dice) ?? "", cpu: Self.cpus.randomElement(using: &dice) ?? "",
                annotations: annotations(&dice))
            let visit = HookInvocation(annotations: annotations(&dice), configuration: .text(text), journal: .unclear)
            guard visit.answer == .nothingToDo else { continue }
            count += 1
            let state = try ContainerState(reading: Array(visit.written.utf8))
            #expect(state.status == "creating" && state.bundle == HookInvocation.bundle, "\(visit.written)")
            let spec = try Spec(reading: Array(text.utf8))
            let group = PodCgroup(cgroupsPath: spec.cgroupsPath ?? "")
            #expect(group != nil && group?.quality != .guaranteed, "\(text)")
            #expect(!spec.cpu.cpus.isEmpty, "\(text)")
            for key in [state.annotations, spec.annotations].flatMap(\.keys) {
                #expect(!key.hasPrefix("rtshield.io/") && !key.contains(".crio.io"), "\(text)")
            }
        }
        #expect(count > 100)
    }
}
