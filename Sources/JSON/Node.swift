// SPDX-License-Identifier: Apache-2.0

/// A value of a JSON text, with the bytes that it takes there.
///
/// Nothing of the text is lost: numbers are the text that was written, so that `1.0` stays `1.0` and 2⁶⁴-1 stays whole,
/// and the members of objects keep their order. ``Editor`` changes a text, and no byte else of it.
package struct Node: Hashable, Sendable {
    /// What a value is made of.
    package enum Content: Hashable, Sendable {
        /// No value.
        case null
        /// True or false.
        case boolean(Bool)
        /// The text of a number, as it was written.
        case number(String)
        /// A text, without quotes and escapes.
        case string(String)
        /// A list, in the order of the text.
        case array([Node])
        /// Keys differ from each other; they are in the order of the text.
        case object([Member])
    }

    /// One key of an object and its value.
    package struct Member: Hashable, Sendable {
        /// The key's text, without quotes and escapes.
        package var key: String
        /// What belongs to the key.
        package var value: Node

        /// Makes a member.
        package init(key: String, value: Node) {
            self.key = key
            self.value = value
        }
    }

    /// What the value is.
    package var content: Content
    /// The bytes of the text that the value takes, its quotes or brackets included.
    package var range: Range<Int>

    /// Makes a value.
    package init(_ content: Content, in range: Range<Int>) {
        self.content = content
        self.range = range
    }
}

extension Node {
    /// How many arrays and objects may lie inside each other; a container's config.json has nine.
    package static let deepestNesting = 64
    /// How many values a text may hold, so that one made of nothing but commas does not fill the memory.
    package static let mostValues = 1 << 18

    /// Reads a JSON text in UTF-8.
    ///
    /// - Parameters:
    ///   - text: The bytes of the text; a byte order mark is refused.
    ///   - limit: The most bytes to accept.
    /// - Throws: ``JSONError`` with the first thing that is wrong: a key that an object has twice is, too.
    package init(parsing text: [UInt8], limit: Int) throws(JSONError) {
        guard text.count <= limit else {
            throw JSONError("the text is larger than \(limit >> 20) MiB", at: .start)
        }
        self = try Composer(text).root()
    }

    /// The value of a key; nil when this is no object or has no such key.
    package subscript(_ key: String) -> Node? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }
}

extension Node {
    /// A text; nil for anything else.
    package var text: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The texts of a list; nil for anything else.
    package var texts: [String]? {
        guard case .array(let nodes) = content else { return nil }
        let texts = nodes.compactMap(\.text)
        return texts.count == nodes.count ? texts : nil
    }

    /// A whole number; nil for anything else.
    package var number: Int? {
        if case .number(let text) = content { Int(text) } else { nil }
    }

    /// The members of an object; none of anything else.
    package var members: [Member] {
        if case .object(let members) = content { members } else { [] }
    }
}
