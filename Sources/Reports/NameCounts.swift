// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// How many tasks there are of each name, where numbered kernel threads count as one: `kworker/*`.
package struct NameCounts: Hashable, Sendable {
    private var counts: [String: Int] = [:]

    package init() {}

    /// One name and how many tasks have it.
    package struct Entry: Hashable, Sendable, Encodable {
        package var name: String
        package var count: Int
    }

    package mutating func add(_ stat: TaskStat) {
        counts[stat.isKernelThread ? Self.family(of: stat.name) : stat.name, default: 0] += 1
    }

    package var count: Int { counts.values.reduce(0, +) }

    package var isEmpty: Bool { counts.isEmpty }

    /// The names, those of most tasks first, and in alphabetical order where they are as many.
    package var entries: [Entry] {
        counts.map { Entry(name: $0.key, count: $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    /// The first names in one line, such as `foo, bar (3) and 4 more`.
    package func summary(limit: Int = 5) -> String {
        let entries = entries
        let shown = entries.prefix(limit).map { $0.count == 1 ? $0.name : "\($0.name) (\($0.count))" }
        let rest = entries.dropFirst(limit).reduce(0) { $0 + $1.count }
        return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    /// The kernel names a thread of a CPU, a queue or an interrupt after what stands before the slash.
    private static func family(of name: String) -> String {
        guard let slash = name.firstIndex(of: "/") else { return name }
        return String(name[...slash]) + "*"
    }
}
