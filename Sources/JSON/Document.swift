// SPDX-License-Identifier: Apache-2.0

/// A JSON document that was read whole, and by which name messages call it.
package struct Document: Sendable {
    /// What messages call it, such as `config.json`.
    package let name: String
    /// What it holds.
    package let root: Node
    private let text: [UInt8]

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - name: What messages call it.
    ///   - text: The bytes of the text.
    ///   - limit: The most bytes to accept.
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(_ name: String, _ text: [UInt8], limit: Int) throws(DocumentError) {
        self.name = name
        self.text = text
        do throws(JSONError) {
            root = try Node(parsing: text, limit: limit)
        } catch {
            throw DocumentError(
                document: name, line: error.place.line, column: error.place.column, message: error.message)
        }
    }

    /// An error at a node of the document.
    package func error(_ message: String, at node: Node) -> DocumentError {
        let place = place(of: node)
        return DocumentError(document: name, line: place.line, column: place.column, message: message)
    }

    /// Where a node of the document starts.
    package func place(of node: Node) -> Place { Place(ofByte: node.range.lowerBound, in: text) }
}

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
