// SPDX-License-Identifier: Apache-2.0

extension [String] {
    /// The texts as one, with another between each two.
    ///
    /// As the library's own; that one is generic, and its first call searches all conformances of the program for its types, which
    /// is a tenth of all that a hook does.
    package func joined(separator: String) -> String {
        var whole = first ?? ""
        for text in dropFirst() {
            whole += separator
            whole += text
        }
        return whole
    }
}
