// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes a system call again for as long as a signal interrupts it.
///
/// - Parameter body: The call; its value is 0 or more, or an error number negated.
/// - Returns: The value of the first call that no signal interrupted.
/// - Throws: The error number of that call.
func call<Value: SignedInteger>(_ body: () -> Value) throws(Errno) -> Value {
    while true {
        let value = body()
        if value >= 0 { return value }
        let error = Errno(rawValue: -Int32(truncatingIfNeeded: value))
        if error != .interrupted { throw error }
    }
}

/// Brings a result of glibc (-1, and the reason in `errno`) into the form that ``call(_:)`` expects.
func libc<Value: SignedInteger>(_ result: Value) -> Value {
    result == -1 ? Value(-errno) : result
}

/// Refuses a text that C would cut at its first NUL byte, and so name another file than the caller meant.
func refuseEmbeddedNUL(_ text: String) throws(Errno) {
    if text.utf8.contains(0) { throw .invalidArgument }
}
