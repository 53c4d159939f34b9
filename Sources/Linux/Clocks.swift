// SPDX-License-Identifier: Apache-2.0

import Glibc

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

/// The time since the kernel booted, including the time it was suspended.
package enum BootClock {
    /// The time in ticks of `sysconf(_SC_CLK_TCK)`, usually 100 a second: the unit and the origin of field 22 of
    /// `/proc/PID/stat`, the time at which a task started.
    ///
    /// The corresponding C function is `clock_gettime` with `CLOCK_BOOTTIME`.
    package static var ticks: UInt64 {
        var now = timespec()
        // Cannot fail: the clock exists since Linux 2.6.39, and the address is ours.
        unsafe clock_gettime(CLOCK_BOOTTIME, &now)
        let perSecond = UInt64(sysconf(Int32(_SC_CLK_TCK)))
        return UInt64(now.tv_sec) * perSecond + UInt64(now.tv_nsec) / (1_000_000_000 / perSecond)
    }
}

/// The time of day.
package enum WallClock {
    /// The time in UTC, to the second, as RFC 3339 has it: `2026-01-31T23:59:59Z`.
    ///
    /// The corresponding C functions are `time` and `gmtime_r`.
    package static var text: String { text(of: time(nil)) }

    static func text(of seconds: time_t) -> String {
        var seconds = seconds
        var parts = unsafe tm()
        // UTC needs no files of time zones.
        unsafe gmtime_r(&seconds, &parts)
        let date = unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday]
        let time = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
        return date.map(padded).joined(separator: "-") + "T" + time.map(padded).joined(separator: ":") + "Z"
    }

    private static func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
