// SPDX-License-Identifier: Apache-2.0

/// Where the filter looks.
package enum ProbePath: Hashable, Sendable {
    /// Who was given something and has to give it back: `/run/rtshield/ledger`.
    case ledger
    /// What a shield has changed: `/run/rtshield/journal`. Only whether it is there matters.
    case journal
    /// The administrator's requests: `/etc/rtshield/config.yaml`.
    case settings
    /// The `config.json` of the bundle in this directory.
    case configuration(bundle: [UInt8])
}

/// What there is in a place.
package enum FileProbe: Hashable, Sendable {
    /// Nothing, for certain.
    case nothing
    /// A file with this text.
    case text(JSONScan)
    /// Something else: what is no regular file, is too large or cannot be read.
    case unclear
}
