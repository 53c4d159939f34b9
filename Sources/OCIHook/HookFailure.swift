// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants

/// Why a hook did not do what it was called for: the one error that a runtime or the log gets to see.
package struct HookFailure: Error, Hashable, Sendable {
    /// One line without a full stop; parts come from strangers.
    package let line: String
    /// Whether the container is not to start; else it is only logged.
    package let isFatal: Bool

    /// Says what went wrong.
    package init(_ line: String, isFatal: Bool) {
        self.line = line
        self.isFatal = isFatal
    }

    /// Says what went wrong for a container.
    ///
    /// - Parameters:
    ///   - error: What went wrong in an invocation.
    ///   - id: The container.
    ///   - isNeeded: Whether it must have something that it has not got now.
    init(_ error: GrantError, of id: ContainerID?, isNeeded: Bool) {
        line = id.map { "\($0): \(error)" } ?? "\(error)"
        switch error {
        case .denied, .refused: isFatal = true
        case .gone, .unreadable, .damaged: isFatal = isNeeded
        }
    }
}
