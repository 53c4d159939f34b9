// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import Containers

/// One call of the hook: a container that is about to start, or one that ended.
package struct Visit {
    let machine: any Machine
    let glance: HostGlance
    private let rules: ContainerRules
    let caller: Int32

    /// Prepares a visit.
    ///
    /// - Parameters:
    ///   - machine: The machine, whose lock the caller holds as long as the visit lasts.
    ///   - glance: What was read of it since then.
    ///   - rules: What its administrator decided.
    ///   - caller: The process of the hook, which sits where its runtime does.
    package init(on machine: any Machine, glance: HostGlance, rules: ContainerRules, caller: Int32) {
        self.machine = machine
        self.glance = glance
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
    /// - Throws: ``VisitError`` when it is not to start; then nothing is changed.
    package func start(
        _ container: Container, process: Int32, _ allowance: Allowance, kubelet: KubeletCPUs?
    ) throws(VisitError) -> [String] {
        if let denial = allowance.denial { throw .denied(denial) }
        let draft = try Draft(self, container, process, kubelet)
        if let line = draft.shortage(of: allowance.cpus) {
            guard !allowance.needs(anyOf: rules.strict) else { throw .denied(line) }
            return allowance.remarks + [line]
        }
        let grant = try draft.grant(allowance)
        guard !grant.isEmpty else { return allowance.remarks }
        do throws(GrantError) {
            var granting = try Granting(on: machine, glance: glance)
            let shortfalls = try granting.give(grant, strict: rules.strict)
            return allowance.remarks + shortfalls.map(\.description)
        } catch {
            throw VisitError(error)
        }
    }

    /// Takes back what a container had that ended.
    ///
    /// - Throws: ``VisitError`` when the ledger cannot be used.
    package func end(_ id: ContainerID) throws(VisitError) {
        do throws(GrantError) {
            var granting = try Granting(on: machine, glance: glance)
            // An engine may start a container again under its old id before the runtime tells of its end.
            guard let grant = granting.ledger[id.text], !granting.isAlive(grant) else { return }
            try granting.release(id.text)
        } catch {
            throw VisitError(error)
        }
    }
}

/// Why a container is not to start, or its end could not be noted.
package enum VisitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It asks for more than it may have.
    case denied(String)
    /// It must have what the machine does not give; all was taken back.
    case refused([Shortfall])
    /// Its first process or its group is gone.
    case gone(String)
    /// The ledger cannot be used.
    case unusable(LedgerError)

    init(_ error: GrantError) {
        switch error {
        case .refused(let shortfalls): self = .refused(shortfalls)
        case .ledger(let error): self = .unusable(error)
        }
    }

    /// One line without a full stop.
    package var description: String {
        switch self {
        case .denied(let line), .gone(let line): line
        case .refused(let shortfalls): shortfalls.map(\.description).joined(separator: "; ")
        case .unusable(let error): error.description
        }
    }
}
