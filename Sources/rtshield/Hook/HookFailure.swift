// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants

/// Why a hook did not do what it was called for.
struct HookFailure: Error, Hashable {
    /// One line without a full stop.
    let line: String
    /// Whether the container is not to start; else it is only logged.
    let isFatal: Bool

    init(_ line: String, isFatal: Bool) {
        self.line = line
        self.isFatal = isFatal
    }

    /// - Parameters:
    ///   - error: What went wrong in an invocation.
    ///   - id: The container.
    ///   - isNeeded: Whether it must have something that it has not got now.
    init(_ error: GrantError, of id: ContainerID, isNeeded: Bool) {
        line = "\(id): \(error)"
        switch error {
        case .denied, .refused: isFatal = true
        case .gone, .unreadable, .damaged: isFatal = isNeeded
        }
    }
}
