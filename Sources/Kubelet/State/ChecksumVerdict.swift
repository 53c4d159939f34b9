// SPDX-License-Identifier: Apache-2.0

/// What the checksum of a state file says of the rest of the file.
package enum ChecksumVerdict: Hashable, Sendable {
    /// The file is as kubelet wrote it.
    case matches
    /// The file has none, which kubelet accepts.
    case absent
    /// The file is not what kubelet wrote, or was written in a way that is not known here; kubelet refuses to start.
    ///
    /// Of the checksums that kubelets of different versions would have written, `computed` is the commonest.
    case differs(stored: UInt64, computed: UInt64)
}

extension ChecksumVerdict {
    /// Compares a checksum with all that kubelets may have written for the same content.
    init(_ stored: UInt64, among computed: [UInt64]) {
        self = computed.contains(stored) ? .matches : .differs(stored: stored, computed: computed.first ?? 0)
    }
}
