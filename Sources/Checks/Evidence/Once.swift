// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Something that is costly to find out: when somebody first asks for it, and never again.
final class Once<Value: Sendable>: Sendable {
    private let known = Mutex<Value?>(nil)
    private let find: @Sendable () -> Value

    init(_ find: @escaping @Sendable () -> Value) { self.find = find }

    /// What was found.
    var value: Value {
        known.withLock { known in
            let value = known ?? find()
            known = value
            return value
        }
    }
}
