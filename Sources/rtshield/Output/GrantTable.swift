// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import Grants
import MachineKit
import ShieldKit
import Text

/// What one container was granted, as programs read it.
struct GrantRow: Encodable {
    let id: String
    let engine: String
    let name: String?
    let process: Int32
    let isAlive: Bool
    let group: String
    let cpus: String
    /// What it has of each feature, in a few words.
    let features: [String: String]
    let realtime: Grant.Realtime?
    let housekeeping: String

    init(_ grant: Grant, isAlive: Bool) {
        id = grant.id
        engine = grant.engine
        name = grant.name
        process = grant.process
        self.isAlive = isAlive
        group = grant.group.description
        cpus = grant.cpus.description
        features = Dictionary(
            uniqueKeysWithValues: grant.features.map { ($0.key.rawValue, $0.key.text($0.value)) })
        realtime = grant.realtime
        housekeeping = grant.housekeeping.description
    }
}

/// The grants as a table.
struct GrantTable {
    let rows: [GrantRow]

    var text: String {
        guard !rows.isEmpty else { return "No container was granted anything.\n" }
        let head = ["CONTAINER", "ENGINE", "PID", "CPUS", "REALTIME", "ALSO"]
        return TextColumns(rows: [head] + rows.map(cells), rightAligned: [2]).text(.current)
    }

    private func cells(_ row: GrantRow) -> [String] {
        [
            (row.name ?? String(row.id.prefix(12))).safeToPrint, row.engine, row.isAlive ? "\(row.process)" : "gone",
            row.cpus.isEmpty ? row.housekeeping : row.cpus, row.realtime.map(scheduling) ?? "-", others(row),
        ]
    }

    private func scheduling(_ realtime: Grant.Realtime) -> String {
        guard let runtime = realtime.runtime, let period = realtime.period else { return priority(realtime) }
        return priority(realtime) + " \(runtime / 1000)/\(period / 1000) µs"
    }

    private func priority(_ realtime: Grant.Realtime) -> String {
        guard realtime.priority > 0 else { return realtime.policy ?? "-" }
        return realtime.policy.map { "\($0) \(realtime.priority)" } ?? "up to \(realtime.priority)"
    }

    private func others(_ row: GrantRow) -> String {
        var words = Feature.allCases.compactMap { row.features[$0.rawValue] }
        if !row.housekeeping.isEmpty { words.append("kept off the shield") }
        return words.isEmpty ? "-" : words.joined(separator: ", ")
    }
}
