// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Spelling

/// A JSON document that was read whole, and by which name messages call it.
struct Document: Sendable {
    let name: String
    let root: Node
    private let text: [UInt8]

    init(_ name: String, _ text: [UInt8], limit: Int) throws(DocumentError) {
        self.name = name
        self.text = text
        do throws(JSONError) {
            root = try Node(parsing: text, limit: limit)
        } catch {
            throw DocumentError(document: name, place: error.place, message: error.message)
        }
    }

    func error(_ message: String, at node: Node) -> DocumentError {
        DocumentError(document: name, place: Place(ofByte: node.range.lowerBound, in: text), message: message)
    }
}

/// Why a document of a container cannot be used: one line of what is wrong, and where.
package struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the document is called, such as `config.json`.
    package let document: String
    /// The line, from 1.
    package let line: Int
    /// The column, from 1.
    package let column: Int
    /// What is wrong, without a full stop, safe to print.
    package let message: String

    init(document: String, place: Place, message: String) {
        self.document = document
        (line, column) = (place.line, place.column)
        self.message = message
    }

    /// The document, the place and the message.
    package var description: String { "\(document):\(line):\(column): \(message)" }
}
