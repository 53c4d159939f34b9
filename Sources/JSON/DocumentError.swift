// SPDX-License-Identifier: Apache-2.0

/// Why a document cannot be used: one line of what is wrong, and where.
package struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the document is called, such as `config.json`.
    package let document: String
    /// The line, from 1.
    package let line: Int
    /// The column, from 1.
    package let column: Int
    /// What is wrong, without a full stop, safe to print.
    package let message: String

    /// Tells what is wrong, and where.
    package init(document: String, line: Int, column: Int, message: String) {
        self.document = document
        (self.line, self.column) = (line, column)
        self.message = message
    }

    /// The document, the place and the message.
    package var description: String { "\(document):\(line):\(column): \(message)" }
}
