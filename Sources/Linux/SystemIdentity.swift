// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the running kernel says of itself.
///
/// The corresponding C type is `struct utsname`.
package struct SystemIdentity: Hashable, Sendable {
    /// The release, such as `6.1.0-28-rt-amd64`.
    package let release: String
    /// The build: a number, a date, and words such as `SMP` and `PREEMPT_RT`.
    package let version: String
    /// The hardware, such as `x86_64`.
    package let machine: String
    /// The name of the host.
    package let nodeName: String

    /// Asks the running kernel.
    ///
    /// The corresponding C function is `uname`.
    package static func current() throws(Errno) -> SystemIdentity {
        var names = utsname()
        _ = try call { unsafe libc(uname(&names)) }
        return SystemIdentity(
            release: text(of: names.release), version: text(of: names.version),
            machine: text(of: names.machine), nodeName: text(of: names.nodename))
    }

    /// The text in an array of C, up to its first NUL byte.
    private static func text(of array: some BitwiseCopyable) -> String {
        unsafe withUnsafeBytes(of: array) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
