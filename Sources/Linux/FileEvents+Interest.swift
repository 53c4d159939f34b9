// SPDX-License-Identifier: Apache-2.0

import Glibc

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
}
