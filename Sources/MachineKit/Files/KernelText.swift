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

extension StringProtocol {
    /// The text without the ASCII white space at its ends.
    package func trimmingASCIISpace() -> SubSequence {
        // Bytes, because finding characters costs more than all else that is done with the text of a pseudo-file.
        func isText(_ byte: UInt8) -> Bool { byte != UInt8(ascii: " ") && !(9...13).contains(byte) }
        let start = utf8.firstIndex(where: isText) ?? endIndex
        var (end, index) = (start, start)
        while index != utf8.endIndex {
            let next = utf8.index(after: index)
            if isText(utf8[index]) { end = next }
            index = next
        }
        return self[start..<end]
    }
}
