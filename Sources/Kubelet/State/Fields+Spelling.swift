// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension Fields {
    /// How the document spells a key: kubelet reads its own files without regard to case, and some are written otherwise.
    func spelling(of key: String) -> String {
        if node[key] != nil { return key }
        return members.first { $0.key.lowercased() == key.lowercased() }?.key ?? key
    }
}
