// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Changes to files and directories that are being watched.
///
/// Pseudo-files tell only some of their changes: those of `cgroup.events` as modifications, and the making and removing
/// of control groups.
package struct FileEvents: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// The number to wait with: readable when an event is queued.
    package var number: Int32 { descriptor.number }

    /// Watches nothing yet.
    ///
    /// - Throws: ``Errno/tooManyOpenFiles`` if the user watches in as many places as `fs.inotify.max_user_instances`
    ///   allows, else the reason of the refusal.
    ///
    /// The corresponding C function is `inotify_init1`.
    package init() throws(Errno) {
        let flags = Int32(IN_CLOEXEC | IN_NONBLOCK)
        descriptor = FileDescriptor(owning: try call { libc(inotify_init1(flags)) })
    }

    /// Watches a file, or a directory and the entries in it (but not those further below).
    ///
    /// To watch the same file again replaces what it is watched for.
    ///
    /// - Parameters:
    ///   - path: An absolute path, or one relative to the working directory; links are followed.
    ///   - interest: What to tell.
    /// - Returns: The number that the events of this watch carry.
    /// - Throws: ``Errno/noSpace`` if the user watches as many files as `fs.inotify.max_user_watches` allows,
    ///   ``Errno/notDirectory`` where only a directory will do, else the reason of the refusal.
    ///
    /// The corresponding C function is `inotify_add_watch`.
    package func watch(_ path: String, for interest: Interest) throws(Errno) -> Int32 {
        try refuseEmbeddedNUL(path)
        return try call { unsafe libc(inotify_add_watch(number, path, interest.mask)) }
    }

    /// Takes the events that are queued, as many as fit in 16 KiB; never waits.
    ///
    /// - Returns: The events in their order; none when none is queued.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C function is `read`.
    package func next() throws(Errno) -> [Event] {
        var records = [UInt8](repeating: 0, count: 16 << 10)
        do throws(Errno) {
            let count = try call { unsafe libc(read(number, &records, records.count)) }
            return events(in: records, length: count)
        } catch .wouldBlock {
            return []
        }
    }
}

/// Takes apart what the kernel wrote: 4 bytes of watch, 4 of mask, 4 of cookie, 4 of length, the name up to a NUL.
private func events(in records: [UInt8], length end: Int) -> [FileEvents.Event] {
    var events: [FileEvents.Event] = []
    var start = 0
    while start + 16 <= end {
        let (watch, mask, length) = unsafe records.withUnsafeBytes { bytes in
            let watch = unsafe bytes.loadUnaligned(fromByteOffset: start, as: Int32.self)
            let mask = unsafe bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)
            let length = unsafe bytes.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self)
            return (watch, mask, Int(length))
        }
        let name = records[(start + 16)..<(start + 16 + length)].prefix { $0 != 0 }
        events.append(FileEvents.Event(watch: watch, mask: mask, name: String(decoding: name, as: UTF8.self)))
        start += 16 + length
    }
    return events
}
