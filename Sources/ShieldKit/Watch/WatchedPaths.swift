// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit

/// The directories and files whose changes concern a shield, where the kernel announces changes.
package struct WatchedPaths: Hashable, Sendable {
    package var directories: [String] = []
    package var files: [String] = []

    package init(of shielding: ShieldOperations) {
        let (machine, host) = (shielding.machine, shielding.host)
        // New groups beside the shield (v1 balances load over them), and new containers.
        let parents = host.groups.all.filter { $0.path.isRoot || $0.path.owner.isEngineParent(on: host.layout) }
        directories = parents.map { machine.path(of: $0.path.directory) }
        // A journal that appears or goes, and an irqbalance that is started again.
        directories += [machine.path(of: KernelFile(.state, "")), "/run/irqbalance"]
        let applied = shielding.journal?.applied ?? AppliedState()
        files = applied.values.keys.filter(\.kind.isOfCgroup).map { machine.path(of: $0) }.sorted()
        if host.layout.hasSystemd { directories.append(machine.path(of: KernelFile(.units, ""))) }
    }
}

/// Something that the kernel announces through a descriptor.
protocol EventSource: ~Copyable {
    /// The number to wait with.
    var number: Int32 { get }

    /// Takes what was announced first.
    ///
    /// - Returns: Whether something was announced.
    func hasTakenOne() throws(Errno) -> Bool
}

/// Announcements of one kind, where the kernel makes them.
struct Listener<Source: EventSource & ~Copyable>: ~Copyable {
    let source: Source?
    /// What cannot be heard of, with the reason; nil when all can.
    let complaint: (source: String, errno: Errno)?

    /// - Parameters:
    ///   - subject: What is announced.
    ///   - open: Begins to listen.
    init(_ subject: String, _ open: () throws(Errno) -> Source) {
        do throws(Errno) {
            source = try open()
            complaint = nil
        } catch {
            source = nil
            complaint = (subject, error)
        }
    }

    var number: Int32? {
        switch source {
        case .some(let source): source.number
        case .none: nil
        }
    }

    func hasTakenOne() throws(Errno) -> Bool {
        switch source {
        case .some(let source): try source.hasTakenOne()
        case .none: false
        }
    }
}

extension KernelEvents: EventSource {
    func hasTakenOne() throws(Errno) -> Bool { try next() != nil }
}

extension KernelThreadEvents: EventSource {
    func hasTakenOne() throws(Errno) -> Bool { try next() != nil }
}

extension FileEvents: EventSource {
    func hasTakenOne() throws(Errno) -> Bool { try !next().isEmpty }
}
