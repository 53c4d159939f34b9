// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What was read of a machine, so that a recording holds just what a look at it needs.
package final class ReadLog: Sendable {
    /// How a file was looked at.
    package enum Access: Hashable, Sendable {
        /// What it holds.
        case contents
        /// What it is: its kind and its permissions.
        case status
        /// What is in a directory.
        case names
    }

    private let looks = Mutex<[String: Set<Access>]>([:])

    /// An empty log.
    package init() {}

    /// Every path that was looked at, and how.
    package var all: [String: Set<Access>] { looks.withLock { $0 } }

    func note(_ look: Access, at path: String) { _ = looks.withLock { $0[path, default: []].insert(look) } }
}
