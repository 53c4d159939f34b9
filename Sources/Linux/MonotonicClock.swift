// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The time that no setting of the clock changes, from some moment in the past.
package enum MonotonicClock {
    /// How much of it has passed.
    ///
    /// The corresponding C function is `clock_gettime` with `CLOCK_MONOTONIC`.
    package static var now: Duration {
        var now = timespec()
        // Cannot fail: every kernel has the clock, and the address is ours.
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    }
}
