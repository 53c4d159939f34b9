// SPDX-License-Identifier: Apache-2.0

import Glibc

extension FileDescriptor {
    /// Locks the file against others that lock it; the lock ends with the descriptor.
    ///
    /// The lock belongs to the open file: another descriptor contends for it, even in the same process.
    ///
    /// - Parameters:
    ///   - exclusive: Whether nobody else may hold a lock; else others may share it.
    ///   - wait: Whether to wait for those who hold it.
    /// - Returns: False when somebody else holds it and `wait` is false.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C function is `flock`.
    package func lock(exclusive: Bool, wait: Bool) throws(Errno) -> Bool {
        let operation = (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB)
        do throws(Errno) {
            _ = try call { libc(flock(number, operation)) }
            return true
        } catch .wouldBlock {
            return false
        }
    }
}
