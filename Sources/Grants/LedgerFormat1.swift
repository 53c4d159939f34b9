// SPDX-License-Identifier: Apache-2.0

internal import CgroupKit
internal import Containers
internal import MachineKit
internal import ShieldKit

/// The ledger as rtshield wrote it before features had a table: it may be there when a package is upgraded.
struct LedgerFormat1: Decodable {
    static let format = 1

    var bootID: String
    var grants: [Grant]
    var originals: [Ledger.Original]
    var quieted: CPUSet?
    var banned: CPUSet?
    var threads: ThreadAffinities?
    var vacated: CPUSet?

    /// A grant with a member for each feature.
    struct Grant: Decodable {
        var id: String
        var engine: String
        var name: String?
        var process: Int32
        var started: UInt64
        var group: CgroupPath
        var budgetGroup: CgroupPath
        var cpus: CPUSet
        var quiet: CPUSet
        var movesKernelThreads: Bool
        var isUnbalanced: Bool
        var endsQuota: Bool
        var isPod: Bool
        var resumeLatency: String?
        var governor: String?
        var realtime: Grants.Grant.Realtime?
        var narrowedFrom: String?
        var narrowedTo: CPUSet
    }
}

extension Ledger {
    /// Takes over a ledger of the format before.
    init(_ old: LedgerFormat1) {
        self.init(bootID: old.bootID)
        for grant in old.grants { enter(Grant(grant)) }
        originals = old.originals
        (quieted, banned) = (old.quieted, old.banned)
        (threads, vacated) = (old.threads, old.vacated)
    }
}

extension Grant {
    fileprivate init(_ old: LedgerFormat1.Grant) {
        self.init(
            id: old.id, engine: old.engine, name: old.name, process: old.process, started: old.started,
            group: old.group, budgetGroup: old.budgetGroup)
        (cpus, isPod, realtime) = (old.cpus, old.isPod, old.realtime)
        (housekeeping, formerCPUs) = (old.narrowedTo, old.narrowedFrom)
        if !old.quiet.isEmpty { features[.irqs] = old.quiet == cpus ? .disabled : .disabledOn(old.quiet) }
        if old.movesKernelThreads { features[.kernelThreads] = .disabled }
        if old.isUnbalanced { features[.loadBalancing] = .disabled }
        if old.endsQuota { features[.quota] = .disabled }
        features[.idleStates] = old.resumeLatency.map { .value($0) }
        features[.governor] = old.governor.map { .value($0) }
    }
}
