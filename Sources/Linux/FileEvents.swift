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

extension FileEvents {
    /// Kinds of changes.
    package struct Interest: OptionSet, Hashable, Sendable {
        /// Bits of our own: one for each kind, where the kernel has several.
        package let rawValue: UInt32

        /// Takes bits of our own.
        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// An entry of the directory was made, or moved into it.
        ///
        /// The corresponding C flags are `IN_CREATE` and `IN_MOVED_TO`.
        package static let created = Interest(rawValue: 1 << 0)

        /// An entry of the directory was removed, or moved out of it.
        ///
        /// The corresponding C flags are `IN_DELETE` and `IN_MOVED_FROM`.
        package static let deleted = Interest(rawValue: 1 << 1)

        /// The contents of the file, or of one in the directory, were changed.
        ///
        /// The corresponding C flag is `IN_MODIFY`.
        package static let modified = Interest(rawValue: 1 << 2)

        /// The owner, the permissions, the times or the number of links were changed.
        ///
        /// The corresponding C flag is `IN_ATTRIB`.
        package static let attributes = Interest(rawValue: 1 << 3)

        /// Watches nothing but a directory, whatever the path leads to; no event carries this.
        ///
        /// The corresponding C flag is `IN_ONLYDIR`.
        package static let onlyDirectory = Interest(rawValue: 1 << 4)

        private static let kinds: [(interest: Interest, bits: Int32)] = [
            (.created, IN_CREATE | IN_MOVED_TO), (.deleted, IN_DELETE | IN_MOVED_FROM), (.modified, IN_MODIFY),
            (.attributes, IN_ATTRIB), (.onlyDirectory, IN_ONLYDIR),
        ]

        /// The bits of `inotify_add_watch(2)`.
        var mask: UInt32 {
            Self.kinds.reduce(0) { mask, kind in contains(kind.interest) ? mask | UInt32(kind.bits) : mask }
        }

        /// The kinds of which the kernel set a bit.
        init(mask: UInt32) {
            self = Self(Self.kinds.filter { mask & UInt32($0.bits) != 0 }.map(\.interest))
        }
    }

    /// Something that happened to a watched file or directory.
    ///
    /// The corresponding C type is `struct inotify_event`.
    package struct Event: Hashable, Sendable {
        /// The watch that noticed it; -1 when events were lost.
        package let watch: Int32
        /// The entry of the watched directory that it happened to; empty for the watched file or directory itself.
        package let name: String
        /// What happened; empty when events were lost or the watch ended.
        package let change: Interest
        /// Whether it happened to a directory.
        package let isDirectory: Bool
        /// Whether events were lost, because nobody took them in time: everything must be looked at anew.
        package let isOverflow: Bool
        /// Whether this is the last event of the watch, because what it watched is gone.
        package let isIgnored: Bool

        init(watch: Int32, mask: UInt32, name: String) {
            self.watch = watch
            self.name = name
            change = Interest(mask: mask & ~UInt32(IN_ONLYDIR))
            isDirectory = mask & UInt32(IN_ISDIR) != 0
            isOverflow = mask & UInt32(IN_Q_OVERFLOW) != 0
            isIgnored = mask & UInt32(IN_IGNORED) != 0
        }
    }
}
