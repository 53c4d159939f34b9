// SPDX-License-Identifier: Apache-2.0

import HookFilter
import Testing

@Suite("A container that ends")
struct EndTests {
    private func visit(_ ledger: FileProbe) -> HookInvocation { HookInvocation(status: "stopped", ledger: ledger) }

    @Test("is let through where nobody was given anything")
    func noLedger() { #expect(visit(.nothing).answer == .nothingToDo) }

    @Test("is let through if the ledger is about others, even with an id that begins like its own")
    func others() {
        #expect(visit(.text("")).answer == .nothingToDo)
        #expect(visit(.text(#"{"owner":"other"}"#)).answer == .nothingToDo)
        #expect(visit(.text(#"{"owner":"\#(HookInvocation.id)x"}"#)).answer == .nothingToDo)
    }

    @Test("is handed over if the ledger has it")
    func owner() { #expect(visit(.text(#"{"owner":"\#(HookInvocation.id)"}"#)).answer == .handOver) }

    @Test("is handed over if the ledger cannot be read")
    func unclear() { #expect(visit(.unclear).answer == .handOver) }

    @Test("is handed over if something else is called id, unless there is no ledger")
    func twoIDs() {
        var visit = visit(.text("{}"))
        visit.annotations = #""id":"other""#
        #expect(visit.answer == .handOver)
        visit.ledger = .nothing
        #expect(visit.answer == .nothingToDo)
    }

    @Test("needs no configuration, which is gone, and may have had requests")
    func bundleGone() {
        var visit = visit(.nothing)
        visit.configuration = .nothing
        visit.annotations = #""rtshield.io/cpus":"exclusive""#
        #expect(visit.answer == .nothingToDo)
    }
}
