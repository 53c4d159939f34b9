// SPDX-License-Identifier: Apache-2.0

/// What lies directly in an array or object, and the bytes around it.
struct Children {
    /// The bytes between the brackets.
    let interior: Range<Int>
    /// The bytes of each child: of an item, or of a key with its value.
    let spans: [Range<Int>]

    /// Finds the children of a node in the text that it was read from; one that is no array or object has none.
    init(of node: Node, in text: [UInt8]) {
        interior = (node.range.lowerBound + 1)..<max(node.range.lowerBound + 1, node.range.upperBound - 1)
        switch node.content {
        case .array(let items): spans = items.map(\.range)
        case .object(let members):
            var end = interior.lowerBound
            spans = members.map { member in
                // Only blanks and a comma lie in front of a key, which starts with a quote.
                while text[end] != UInt8(ascii: "\"") { end += 1 }
                defer { end = member.value.range.upperBound }
                return end..<member.value.range.upperBound
            }
        case .null, .boolean, .number, .string: spans = []
        }
    }

    /// The bytes in front of the first child.
    var lead: Range<Int>? { spans.first.map { interior.lowerBound..<$0.lowerBound } }

    /// The bytes between a child and its predecessor: blanks and a comma.
    func gap(before index: Int) -> Range<Int> { spans[index - 1].upperBound..<spans[index].lowerBound }
}
