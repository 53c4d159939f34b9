// SPDX-License-Identifier: Apache-2.0

/// Where the doorman looks.
package enum Place: Hashable, Sendable {
    /// Who was given something and has to give it back: `/run/rtshield/ledger`.
    case ledger
    /// What a shield has changed: `/run/rtshield/journal`. Only whether it is there matters.
    case journal
    /// The administrator's wishes: `/etc/rtshield/config.yaml`.
    case settings
    /// The `config.json` of the bundle in this directory.
    case configuration(bundle: [UInt8])
}

/// What there is in a place.
package enum Sight: Hashable, Sendable {
    /// Nothing, for certain.
    case nothing
    /// A file with this text.
    case text(Text)
    /// Something else: what is no regular file, is too large or cannot be read.
    case unclear
}
