// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The reason for which the kernel refused a system call.
package struct Errno: Error, Hashable, Sendable, RawRepresentable {
    /// The kernel's number for the reason, greater than 0.
    package let rawValue: Int32

    /// Takes the kernel's number for the reason.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The C name, such as `EBUSY`; `errno 600` for a number that has none.
    package var name: String {
        if self == .internallyNotSupported { return "ENOTSUPP" }
        guard let name = unsafe clinux_error_name(rawValue) else { return "errno \(rawValue)" }
        return unsafe String(cString: name)
    }
}

extension Errno: CustomStringConvertible {
    /// The text for people, in English, such as `Device or resource busy`.
    ///
    /// The corresponding C function is `strerror`.
    package var description: String {
        if self == .internallyNotSupported { return "Operation not supported by the kernel" }
        guard let text = unsafe strerror(rawValue) else { return name }
        return unsafe String(cString: text)
    }
}
