// SPDX-License-Identifier: Apache-2.0

package import Containers
package import Grants
package import MachineKit
import ShieldKit

/// One call of the hook: a container that is about to start, or one that ended.
package struct HookInvocation {
    let machine: any Machine
    let summary: HostSummary
    let caller: Int32

    /// Prepares an invocation.
    ///
    /// - Parameters:
    ///   - machine: The machine, whose lock the caller holds as long as the invocation lasts.
    ///   - summary: What was read of it since then.
    ///   - caller: The process of the hook, which sits where its runtime does.
    package init(on machine: any Machine, summary: HostSummary, caller: Int32) {
        self.machine = machine
        self.summary = summary
        self.caller = caller
    }

    /// Gives a container what was decided.
    ///
    /// - Parameters:
    ///   - decision: What was decided.
    ///   - process: Its first process, which waits for the hook.
    ///   - strict: The features without which it does not start.
    /// - Returns: What it has not got, one line each.
    /// - Throws: ``GrantError`` when it is not to start; then nothing is changed.
    package func start(
        _ decision: Decision, process: Int32, strict: Set<Feature>
    ) throws(GrantError) -> [String] {
        if let denial = decision.denial { throw .denied(denial) }
        let allocation = decision.allocation
        let draft = try Draft(self, decision.container, process)
        if let line = draft.shortage(of: allocation.cpus) {
            guard !allocation.needs(anyOf: strict) else { throw .denied(line) }
            return decision.notes + [line]
        }
        let grant = try draft.grant(allocation)
        guard !grant.isEmpty else { return decision.notes }
        var granting = try Granting(on: machine, summary: summary)
        return try decision.notes + granting.give(grant, strict: strict).map(\.description)
    }

    /// Takes back what a container had that ended.
    ///
    /// - Throws: ``GrantError`` when the ledger cannot be used.
    package func end(_ id: ContainerID) throws(GrantError) {
        var granting = try Granting(on: machine, summary: summary)
        // An engine may start a container again under its old id before the runtime tells of its end.
        guard let grant = granting.ledger[id.text], !grant.isAlive(on: machine) else { return }
        try granting.release(id.text)
    }
}
