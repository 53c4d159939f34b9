// SPDX-License-Identifier: Apache-2.0

import CLinux

/// The CPUs that a task may use, as masks of the kernel's own width.
///
/// CPU `n` is bit `n % 64` of word `n / 64`. Masks are at least as wide as the kernel needs them, so that machines with
/// more CPUs than the 1024 of `cpu_set_t` work.
package enum Affinity {
    /// The widest mask that is tried: 65,536 CPUs, eight times what Linux can be built for today.
    private static let widest = 1024

    /// Reads the CPUs that a task may use.
    ///
    /// - Parameter task: The number of a thread, or 0 for the calling one.
    /// - Returns: The mask.
    /// - Throws: ``Errno/noSuchProcess`` if the task has ended, else the reason of the refusal.
    ///
    /// The corresponding C function is `sched_getaffinity`.
    package static func words(of task: Int32) throws(Errno) -> [UInt64] {
        var words: [UInt64] = []
        try read(of: task, into: &words)
        return words
    }

    /// Reads the CPUs that a task may use, into memory that is used again and again.
    ///
    /// Once a width that the kernel takes is known from a first call, each further one costs a system call and no
    /// allocation. How many zeros end the mask depends on that width.
    ///
    /// - Parameters:
    ///   - task: The number of a thread, or 0 for the calling one.
    ///   - words: Holds the mask; what it held before is gone, even after an error.
    /// - Throws: ``Errno/noSuchProcess`` if the task has ended, else the reason of the refusal.
    ///
    /// The corresponding C function is `sched_getaffinity`.
    package static func read(of task: Int32, into words: inout [UInt64]) throws(Errno) {
        try fill(&words) { words in unsafe clinux_sched_getaffinity(task, words.count * 8, &words) }
    }

    /// Has a kernel fill a mask, wider each time it says that it counts more CPUs than the mask has bits.
    ///
    /// - Parameters:
    ///   - words: The mask.
    ///   - kernel: Fills the words it is given, and answers as `sched_getaffinity(2)` does.
    /// - Throws: The error of the kernel, once the mask is as wide as any can be.
    static func fill(_ words: inout [UInt64], from kernel: (inout [UInt64]) -> Int) throws(Errno) {
        if words.isEmpty { words = [UInt64](repeating: 0, count: 16) }
        while true {
            do throws(Errno) {
                let bytes = try call { kernel(&words) }
                words.removeLast(words.count - bytes / 8)
                return
            } catch .invalidArgument where words.count < widest {
                words = [UInt64](repeating: 0, count: words.count * 2)
            }
        }
    }

    /// Sets the CPUs that a task may use; the kernel leaves out those that the task's cpuset does not have.
    ///
    /// - Parameters:
    ///   - words: The mask, of any width.
    ///   - task: The number of a thread, or 0 for the calling one.
    /// - Throws: ``Errno/invalidArgument`` if no CPU is left or the kernel has bound the task to its CPU,
    ///   ``Errno/noSuchProcess`` if the task has ended, ``Errno/notPermitted`` without the right, ``Errno/busy`` where
    ///   a deadline would suffer.
    ///
    /// The corresponding C function is `sched_setaffinity`.
    package static func set(_ words: [UInt64], of task: Int32) throws(Errno) {
        _ = try call { unsafe clinux_sched_setaffinity(task, words.count * 8, words) }
    }
}
