// SPDX-License-Identifier: Apache-2.0

package import Containers
package import Grants
package import MachineKit
import ShieldKit

/// One call of the hook: a container that is about to start, or one that ended.
package struct HookInvocation {
    let machine: any Machine
    let summary: HostSummary
    let rules: ContainerRules
    let caller: Int32

    /// Prepares an invocation.
    ///
    /// - Parameters:
    ///   - machine: The machine, whose lock the caller holds as long as the invocation lasts.
    ///   - summary: What was read of it since then.
    ///   - rules: What its administrator decided.
    ///   - caller: The process of the hook, which sits where its runtime does.
    package init(on machine: any Machine, summary: HostSummary, rules: ContainerRules, caller: Int32) {
        self.machine = machine
        self.summary = summary
        self.rules = rules
        self.caller = caller
    }

    /// Gives a container what was allowed to it.
    ///
    /// - Parameters:
    ///   - container: The container.
    ///   - process: Its first process, which waits for the hook.
    ///   - allowance: What was decided.
    ///   - kubelet: What kubelet gave to whom; nil without kubelet.
    /// - Returns: What it has not got, one line each.
    /// - Throws: ``HookInvocationError`` when it is not to start; then nothing is changed.
    package func start(
        _ container: Container, process: Int32, _ allowance: Allowed, kubelet: KubeletCPUs?
    ) throws(HookInvocationError) -> [String] {
        if let denial = allowance.denial { throw .denied(denial) }
        let draft = try Draft(self, container, process, kubelet)
        if let line = draft.shortage(of: allowance.cpus) {
            guard !allowance.needs(anyOf: rules.strict) else { throw .denied(line) }
            return allowance.remarks + [line]
        }
        let grant = try draft.grant(allowance)
        guard !grant.isEmpty else { return allowance.remarks }
        do throws(GrantError) {
            var granting = try Granting(on: machine, summary: summary)
            let unmet = try granting.give(grant, strict: rules.strict)
            return allowance.remarks + unmet.map(\.description)
        } catch {
            throw HookInvocationError(error)
        }
    }

    /// Takes back what a container had that ended.
    ///
    /// - Throws: ``HookInvocationError`` when the ledger cannot be used.
    package func end(_ id: ContainerID) throws(HookInvocationError) {
        do throws(GrantError) {
            var granting = try Granting(on: machine, summary: summary)
            // An engine may start a container again under its old id before the runtime tells of its end.
            guard let grant = granting.ledger[id.text], !granting.isAlive(grant) else { return }
            try granting.release(id.text)
        } catch {
            throw HookInvocationError(error)
        }
    }
}

/// Why a container is not to start, or its end could not be noted.
package enum HookInvocationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It asks for more than it may have.
    case denied(String)
    /// It must have what the machine does not give; all was taken back.
    case refused([UnmetRequest])
    /// Its first process or its group is gone.
    case gone(String)
    /// The ledger cannot be used.
    case unusable(LedgerError)

    init(_ error: GrantError) {
        switch error {
        case .refused(let unmet): self = .refused(unmet)
        case .ledger(let error): self = .unusable(error)
        }
    }

    /// One line without a full stop.
    package var description: String {
        switch self {
        case .denied(let line), .gone(let line): line
        case .refused(let unmet): unmet.map(\.description).joined(separator: "; ")
        case .unusable(let error): error.description
        }
    }
}
