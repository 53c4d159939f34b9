// SPDX-License-Identifier: Apache-2.0

/// A value of a YAML text, with the place where it starts.
///
/// Scalars are the text that was written, without quotes: what reads the tree knows which are numbers, so that `off`
/// stays `off` and `2-5` is no date. A value that was left out is an empty scalar.
package struct Node: Hashable, Sendable {
    /// What a value is made of.
    package indirect enum Content: Hashable, Sendable {
        /// A plain, quoted or block text.
        case scalar(String)
        /// A list, in the order of the text.
        case sequence([Node])
        /// Keys are scalars and differ from each other; they are in the order of the text.
        case mapping([Entry])
    }

    /// One key of a mapping and its value.
    package struct Entry: Hashable, Sendable {
        /// The key's text, without quotes.
        package var key: String
        /// Where the key starts.
        package var mark: Mark
        /// What belongs to the key.
        package var value: Node

        /// Makes an entry.
        package init(key: String, mark: Mark, value: Node) {
            self.key = key
            self.mark = mark
            self.value = value
        }
    }

    /// What the value is.
    package var content: Content
    /// Where the value starts, its quotes or brackets included.
    package var mark: Mark
    /// Whether a scalar stands in quotes or in a block, and so is a text whatever it says.
    package var isQuoted: Bool

    /// Makes a value.
    package init(_ content: Content, at mark: Mark, isQuoted: Bool = false) {
        self.content = content
        self.mark = mark
        self.isQuoted = isQuoted
    }
}

extension Node {
    /// The largest text that is read, in bytes.
    package static let largestText = 1 << 20
    /// How many sequences and mappings may lie inside each other.
    package static let deepestNesting = 32

    /// Reads a YAML text in UTF-8; the result is nil when it holds nothing but comments.
    ///
    /// One document is read, of plain and quoted scalars, sequences and mappings. Anchors, aliases, tags and a second
    /// document are refused: a text that is read here needs none, and each would hide what it says.
    ///
    /// - Throws: ``YAMLError`` with the first thing that is wrong.
    package init?(parsing text: [UInt8]) throws(YAMLError) {
        guard text.count <= Node.largestText else {
            throw YAMLError("the text is larger than 1 MiB", at: .start, hint: "make it shorter")
        }
        var composer = Composer(text)
        guard let root = try composer.document() else { return nil }
        self = root
    }
}
