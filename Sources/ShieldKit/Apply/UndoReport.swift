// SPDX-License-Identifier: Apache-2.0

/// What undoing came to.
package struct UndoReport: Hashable, Sendable {
    /// Something that is not as it was, and why.
    package struct Leftover: Hashable, Sendable, Codable {
        package var path: String
        package var why: String

        package init(_ path: String, why: String) {
            self.path = path
            self.why = why
        }
    }

    /// What somebody else changed since, and was therefore left alone.
    package var foreign: [Leftover] = []
    /// What could not be undone now; its inverse stays in the journal, so that undoing can be repeated.
    package var unfinished: [Leftover] = []
    /// The inverses of ``unfinished``, in the order in which they were recorded.
    package var remaining: [Step] = []
    /// How many tasks were still in groups that were removed, and went to the parent.
    package var evacuated = 0

    package init() {}

    /// Names something that somebody else changed; once, however often it was written.
    mutating func leave(_ path: String, why: String) {
        if !foreign.contains(where: { $0.path == path }) { foreign.append(Leftover(path, why: why)) }
    }
}
