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

    /// Locks the file against others that lock it, and waits for those who hold it, but not for ever.
    ///
    /// Who waits looks again at least every 2 ms; nobody is first in line.
    ///
    /// - Parameters:
    ///   - exclusive: Whether nobody else may hold a lock; else others may share it.
    ///   - duration: How long to wait at most.
    /// - Returns: False when somebody else holds it all the time.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C function is `flock` with `LOCK_NB`: nothing but a signal ends one that waits.
    package func lock(exclusive: Bool, within duration: Duration) throws(Errno) -> Bool {
        let deadline = Deadline(after: duration)
        var pause = Duration.microseconds(50)
        while try !lock(exclusive: exclusive, wait: false) {
            let remaining = deadline.remaining
            if remaining == .zero { return false }
            CurrentProcess.pause(for: min(pause, remaining))
            pause = min(pause * 2, .milliseconds(2))
        }
        return true
    }
}
