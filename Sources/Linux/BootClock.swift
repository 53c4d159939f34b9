// SPDX-License-Identifier: Apache-2.0

import Glibc

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
