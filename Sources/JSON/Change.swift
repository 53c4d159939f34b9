// SPDX-License-Identifier: Apache-2.0

/// What is added to an array or object and taken from it.
struct Change {
    /// The bytes of the array or object.
    let range: Range<Int>
    private let children: Children
    private let isArray: Bool
    /// What goes, by its place.
    var removed: Set<Int> = []
    /// What comes before all others.
    var first: [Addition] = []
    /// What comes behind all others.
    var last: [Addition] = []

    init(_ container: Node, in text: [UInt8]) {
        range = container.range
        children = Children(of: container, in: text)
        isArray = if case .array = container.content { true } else { false }
    }

    /// The bytes of what goes, without those around it.
    var removedSpans: [Range<Int>] { removed.map { children.spans[$0] } }

    /// What takes the place of which bytes.
    func patches(of text: [UInt8], _ layout: Layout) -> [Patch] {
        let spans = children.spans
        let kept = spans.indices.filter { !removed.contains($0) }
        guard let start = kept.first, let end = kept.last else { return [refilled(text, layout)] }
        let (before, after) = separators(text, layout)
        var opening = Writer(layout)
        for addition in first {
            opening.write(addition, indentation: before.indentation)
            opening.write(before.bytes)
        }
        var closing = Writer(layout)
        for addition in last {
            closing.write(after.bytes)
            closing.write(addition, indentation: after.indentation)
        }
        // What is removed takes the blanks and the comma behind it along, so that the next takes its place.
        var patches = [Patch(range: spans[0].lowerBound..<spans[start].lowerBound, bytes: opening.bytes)]
        for (index, next) in zip(kept, kept.dropFirst()) where next > index + 1 {
            patches.append(Patch(range: spans[index + 1].lowerBound..<spans[next].lowerBound, bytes: []))
        }
        let rest = spans[end].upperBound..<spans[spans.count - 1].upperBound
        patches.append(Patch(range: rest, bytes: closing.bytes))
        return patches
    }

    /// Fills the brackets anew, when nothing stays between them.
    private func refilled(_ text: [UInt8], _ layout: Layout) -> Patch {
        let additions = first + last
        // Words and numbers are read more easily side by side.
        let isSpread = layout.indentation != nil && (!isArray || additions.contains { $0.value.isContainer })
        var writer = Writer(layout)
        writer.spread(additions, isSpread ? text.indentation(ofLineWith: range.lowerBound) : nil) {
            $0.write($1, indentation: $2)
        }
        return Patch(range: children.interior, bytes: writer.bytes)
    }
}

// MARK: - Neighbours

/// What stands between two children.
private struct Separator {
    let bytes: [UInt8]
    /// What indents the line on which the next child starts; nil when it is the same line.
    let indentation: [UInt8]?

    /// One that was found in the text, with all its blanks and its comma.
    init(found gap: ArraySlice<UInt8>) {
        guard let lineBreak = gap.lineBreak else {
            bytes = Array(gap)
            indentation = nil
            return
        }
        let line = gap[lineBreak.upperBound...]
        indentation = Array(line.blanks)
        // Empty lines are not repeated; of a comma that starts a line, nothing is left out.
        bytes = line.contains(UInt8(ascii: ",")) ? Array(gap) : [UInt8(ascii: ",")] + gap[lineBreak] + line
    }

    /// One behind the only child, as what is in front of that child has it.
    init(after lead: ArraySlice<UInt8>, _ layout: Layout) {
        indentation = lead.lineBreak.map { Array(lead[$0.upperBound...]) }
        bytes = indentation.map { [UInt8(ascii: ",")] + layout.lineEnd + $0 } ?? layout.comma
    }
}

extension Change {
    /// What to put behind a new first child, and before a new last one; there is a child already.
    private func separators(_ text: [UInt8], _ layout: Layout) -> (Separator, Separator) {
        let count = children.spans.count
        guard count > 1 else {
            let only = Separator(after: text[children.lead ?? 0..<0], layout)
            return (only, only)
        }
        return (
            Separator(found: text[children.gap(before: 1)]),
            Separator(found: text[children.gap(before: count - 1)])
        )
    }
}

/// A new child.
struct Addition {
    /// Nil in an array.
    var key: String?
    var value: Value
}

extension Writer {
    mutating func write(_ addition: Addition, indentation: [UInt8]?) {
        if let key = addition.key {
            write(Value.Member(key, addition.value), indentation: indentation)
        } else {
            write(addition.value, indentation: indentation)
        }
    }
}

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
