// SPDX-License-Identifier: Apache-2.0

import HookFilter
import ShieldKit
import Testing

@Suite("A container that starts")
struct StartTests {
    @Test("is let through where there is no shield and no word about containers", arguments: ["creating", "created"])
    func unshielded(status: String) { #expect(HookInvocation(status: status).answer == .nothingToDo) }

    @Test("is handed over where there is a shield, or may be one")
    func shielded() { #expect(HookInvocation(journal: .unclear).answer == .handOver) }

    @Test(
        "is let through if the settings say nothing about containers",
        arguments: ["", "shield:\n  cpus: 2-5\n", "# containers:\nshield:\n  cpus: 2\n", "a: 1\n \t# 'containers' \\"])
    func otherSettings(text: String) { #expect(HookInvocation(settings: .text(text)).answer == .nothingToDo) }

    @Test(
        "is handed over if the settings may speak of containers, however that is written",
        arguments: [
            "containers:\n  shield: true\n", "shield: {}\n\"containers\" : {}", "{containers: {}}",
            "? containers\n: {}",
            #""cont\x61iners": {}"#, "shield: {} # containers",
        ])
    func settings(text: String) { #expect(HookInvocation(settings: .text(text)).answer == .handOver) }

    @Test("is handed over if the settings cannot be read")
    func unclearSettings() { #expect(HookInvocation(settings: .unclear).answer == .handOver) }

    @Test(
        "is handed over if it has a request, in the state or in the configuration",
        arguments: [
            #""rtshield.io/cpus":"exclusive""#, #""rtshield.io\/cpus":"exclusive""#,
            #""irq-load-balancing.crio.io":"disable""#, #""cpu-quota.crio.io/main":"disable""#,
        ])
    func requests(annotation: String) {
        #expect(HookInvocation(annotations: annotation).answer == .handOver)
        let configuration = HookInvocation.configuration(path: "x", cpu: "", annotations: annotation)
        #expect(HookInvocation(configuration: .text(configuration)).answer == .handOver)
    }

    @Test("is handed over if it asks for a scheduler")
    func scheduler() {
        let configuration = HookInvocation.docker.replacing(#""process":{"#, with: #""process":{"scheduler":{},"#)
        #expect(HookInvocation(configuration: .text(configuration)).answer == .handOver)
    }

    @Test(
        "is handed over if its configuration is missing or unclear",
        arguments: [FileProbe.nothing, .unclear, .text("")])
    func noConfiguration(sight: FileProbe) { #expect(HookInvocation(configuration: sight).answer == .handOver) }

    @Test("is handed over where crun says that its bundle is /")
    func crun() {
        let state = HookInvocation().written.replacing(HookInvocation.bundle, with: "/")
        #expect(HookInvocation(state: state).answer == .handOver)
    }

    @Test("may have what a shell writes in its arguments, which Go escapes")
    func shell() {
        let text = HookInvocation.docker.replacing(#"["sh"]"#, with: #"["sh","-c","a \u0026\u0026 b \u003cc \u003ed"]"#)
        #expect(HookInvocation(configuration: .text(text)).answer == .nothingToDo)
    }
}
