// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A thread of its own, for a test in which two sides wait for each other.
final class Thread {
    private var number = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(Body(body))
        pthread_create(
            &number, nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
    }

    func join() {
        pthread_join(number, nil)
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
