// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What a path may lead through on the way to the file it names.
///
/// The corresponding C type is the field `resolve` of `struct open_how`.
package struct Resolution: OptionSet, Hashable, Sendable {
    /// The bits of `openat2(2)`.
    package let rawValue: UInt64

    /// Takes the bits of `openat2(2)`.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Never leaves the directory it starts from, be it by `..`, by an absolute path or by a link.
    ///
    /// The corresponding C flag is `RESOLVE_BENEATH`.
    package static let beneath = Resolution(rawValue: UInt64(RESOLVE_BENEATH))

    /// Follows no symbolic link.
    ///
    /// The corresponding C flag is `RESOLVE_NO_SYMLINKS`.
    package static let noSymbolicLinks = Resolution(rawValue: UInt64(RESOLVE_NO_SYMLINKS))

    /// Follows no link that the kernel resolves by itself, such as `/proc/PID/root` or `/proc/PID/fd/3`.
    ///
    /// The corresponding C flag is `RESOLVE_NO_MAGICLINKS`.
    package static let noMagicLinks = Resolution(rawValue: UInt64(RESOLVE_NO_MAGICLINKS))

    /// Enters no other mount.
    ///
    /// The corresponding C flag is `RESOLVE_NO_XDEV`.
    package static let noMountCrossing = Resolution(rawValue: UInt64(RESOLVE_NO_XDEV))
}
