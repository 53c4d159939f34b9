// SPDX-License-Identifier: Apache-2.0

import Glibc

extension FileEvents {
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
