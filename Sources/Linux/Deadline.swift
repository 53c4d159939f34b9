// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The moment until which something may take.
///
/// The corresponding C function is `clock_gettime` with `CLOCK_MONOTONIC`.
struct Deadline: Sendable {
    private let moment: Duration

    /// The moment that comes when this much time has passed from now on.
    init(after duration: Duration) {
        moment = Self.now + duration
    }

    /// How much time is left; never less than nothing.
    var remaining: Duration {
        max(moment - Self.now, .zero)
    }

    private static var now: Duration {
        var now = timespec()
        // Cannot fail: every kernel has the clock, and the address is ours.
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    }
}
