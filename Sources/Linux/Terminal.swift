// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The terminal that a stream may lead to.
package enum Terminal {
    /// Whether a descriptor leads to a terminal: 0 is the input, 1 the output, 2 the error output.
    ///
    /// The corresponding C function is `isatty`.
    package static func isTerminal(_ number: Int32) -> Bool {
        isatty(number) == 1
    }

    /// How many characters fit in a line of the terminal that a descriptor leads to; nil when there is none, or when it
    /// does not say.
    ///
    /// The corresponding C function is `ioctl` with `TIOCGWINSZ`.
    package static func columns(of number: Int32) -> Int? {
        var size = winsize()
        guard unsafe ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
