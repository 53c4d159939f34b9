// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text with every character escaped that could end its line, move the cursor, change colours or turn the direction of
    /// writing.
    ///
    /// Names of tasks and cgroups, files and the words of a command line come from anybody.
    package var safeToPrint: String {
        guard unicodeScalars.contains(where: \.isUnsafeToPrint) else { return self }
        return unicodeScalars.map { $0.isUnsafeToPrint ? $0.escaped : String($0) }.joined()
    }

    /// The text with a space for each control character, for logs that escape by themselves.
    package var withoutControlCharacters: String {
        String(
            String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || 0x7f...0x9f ~= $0.value ? " " : $0 }))
    }
}

/// Quotes a part of a text for a message: on one line, cut when it is long, and without what could steer a terminal.
package func quoted(_ text: some StringProtocol) -> String { "'\(shortened(text).safeToPrint)'" }

/// Cuts a text that would fill the line.
package func shortened(_ text: some StringProtocol) -> String {
    let longest = 40
    let scalars = text.unicodeScalars
    guard scalars.count > longest else { return String(text) }
    return String(String.UnicodeScalarView(scalars.prefix(longest - 3))) + "..."
}

extension Unicode.Scalar {
    fileprivate var isUnsafeToPrint: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }

    fileprivate var escaped: String {
        switch self {
        case "\0": "\\0"
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        default: "\\u{" + String(value, radix: 16, uppercase: true) + "}"
        }
    }
}
