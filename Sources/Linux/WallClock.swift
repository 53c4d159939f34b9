// SPDX-License-Identifier: Apache-2.0

import Glibc

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
