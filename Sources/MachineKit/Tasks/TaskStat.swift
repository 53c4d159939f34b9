// SPDX-License-Identifier: Apache-2.0

package import Linux

/// What `/proc/PID/stat` or `/proc/PID/task/TID/stat` says about one task.
package struct TaskStat: Hashable, Sendable {
    /// The task's id.
    package var id: Int32
    /// The name as the kernel prints it: any bytes but zero, so even line feeds and escape sequences.
    ///
    /// It is up to 15 bytes long, or 63 for kernel threads, and bytes that are no UTF-8 are replaced.
    package var name: String
    /// One letter: `R` running, `S` and `D` asleep, `I` idle, `T` stopped, `Z` dead and not yet waited for.
    package var state: Character
    /// The parent process's id; 2 for kernel threads, 0 for `kthreadd` and the first process.
    package var parent: Int32
    /// The kernel's flags of the task.
    package var flags: UInt32
    /// How many threads its process has.
    package var threads: Int
    /// When it started, in clock ticks since boot.
    ///
    /// The id and this tell a task from a later one with the same id.
    package var startTime: UInt64
    /// The CPU it last ran on, or runs on.
    package var lastCPU: Int
    /// From 1 to 99 for those in real time by priority; 0 for all others.
    package var realtimePriority: Int
    /// How the kernel schedules it.
    package var policy: SchedulingPolicy

    /// Reads the text of a `stat` file; nil when it is none.
    package init?(_ text: some Collection<UInt8>) {
        guard let stat = text.withContiguousStorageIfAvailable({ unsafe TaskStat(bytes: $0.span) }) else {
            self.init(bytes: Array(text).span)
            return
        }
        guard let stat else { return nil }
        self = stat
    }

    /// Reads the fields after the last `)`: a name may hold parentheses and spaces, the fields hold neither.
    private init?(bytes: Span<UInt8>) {
        var end = bytes.count - 1
        while end >= 0, bytes[end] != UInt8(ascii: ")") { end -= 1 }
        guard end > 0 else { return nil }
        var head = Fields(position: 0)
        guard let id = head.next(Int32.self, in: bytes), head.position < end,
            bytes[head.position] == UInt8(ascii: "("), end + 2 < bytes.count
        else { return nil }

        var tail = Fields(position: end + 4)
        guard let parent = tail.next(Int32.self, in: bytes), tail.skip(4, in: bytes),
            let flags = tail.next(UInt32.self, in: bytes), tail.skip(10, in: bytes),
            let threads = tail.next(Int.self, in: bytes), tail.skip(1, in: bytes),
            let startTime = tail.next(UInt64.self, in: bytes), tail.skip(16, in: bytes),
            let lastCPU = tail.next(Int.self, in: bytes)
        else { return nil }
        self.id = id
        name = unsafe bytes.extracting((head.position + 1)..<end)
            .withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        state = Character(Unicode.Scalar(bytes[end + 2]))
        self.parent = parent
        self.flags = flags
        self.threads = threads
        self.startTime = startTime
        self.lastCPU = lastCPU
        realtimePriority = tail.next(Int.self, in: bytes) ?? 0
        policy = SchedulingPolicy(rawValue: tail.next(UInt32.self, in: bytes) ?? 0)
    }
}

extension TaskStat {
    /// Whether it is a kernel thread.
    ///
    /// The corresponding C flag is `PF_KTHREAD`.
    package var isKernelThread: Bool { flags & 0x0020_0000 != 0 }

    /// Whether the kernel refuses to change its affinity (`EINVAL`) and to move it to another cgroup.
    ///
    /// The corresponding C flag is `PF_NO_SETAFFINITY`.
    package var refusesAffinity: Bool { flags & 0x0400_0000 != 0 }

    /// Whether it is a work queue's worker.
    ///
    /// The corresponding C flag is `PF_WQ_WORKER`.
    package var isWorker: Bool { flags & 0x0000_0020 != 0 }
}

/// A walk over decimal numbers that are separated by single spaces.
private struct Fields {
    var position: Int

    /// Reads a number without a sign, and the space after it.
    mutating func next<Number: FixedWidthInteger>(_ type: Number.Type, in bytes: Span<UInt8>) -> Number? {
        let start = position
        var value: Number = 0
        while position < bytes.count, let digit = Number(decimalDigit: bytes[position]) {
            let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = tens.addingReportingOverflow(digit)
            guard !overflowed, !carried else { return nil }
            value = sum
            position += 1
        }
        guard position > start else { return nil }
        position += 1
        return value
    }

    /// Passes over `count` fields, whatever they hold; false when there are fewer.
    mutating func skip(_ count: Int, in bytes: Span<UInt8>) -> Bool {
        var left = count
        while left > 0, position < bytes.count {
            if bytes[position] == UInt8(ascii: " ") { left -= 1 }
            position += 1
        }
        return left == 0
    }
}
