// SPDX-License-Identifier: Apache-2.0

/// The moment until which something may take.
struct Deadline: Sendable {
    private let moment: Duration

    /// The moment that comes when this much time has passed from now on.
    init(after duration: Duration) {
        moment = MonotonicClock.now + duration
    }

    /// How much time is left; never less than nothing.
    var remaining: Duration {
        max(moment - MonotonicClock.now, .zero)
    }
}
