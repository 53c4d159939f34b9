// SPDX-License-Identifier: Apache-2.0

/// How a text is laid out, as its outermost value shows, so that what is added looks like its neighbours.
struct Layout {
    /// What indents a line by one level; nil in a text that has its values on one line.
    let indentation: [UInt8]?
    /// What ends a line.
    let lineEnd: [UInt8]
    /// What stands between a key and its value.
    let colon: [UInt8]
    /// What stands between two values on one line.
    let comma: [UInt8]

    init(of root: Node, in text: [UInt8]) {
        let children = Children(of: root, in: text)
        let lead = children.lead.map { text[$0] }
        if let lead {
            indentation = lead.lineBreak.map { Array(lead[$0.upperBound...]) }
        } else {
            indentation = Array("  ".utf8)
        }
        lineEnd = lead.flatMap { lead in lead.lineBreak.map { Array(lead[$0]) } } ?? [.newline]
        let isSpread = indentation != nil
        colon = Self.colon(of: root, children, in: text) ?? Array((isSpread ? ": " : ":").utf8)
        let gap = children.spans.count > 1 ? text[children.gap(before: 1)] : []
        if !isSpread, !gap.isEmpty, gap.lineBreak == nil {
            comma = Array(gap)
        } else {
            comma = Array((isSpread || colon.last == .space ? ", " : ",").utf8)
        }
    }

    /// One line, and no blanks in it.
    static let tight = Layout(colon: ":", comma: ",")

    /// A line for each value, indented by two blanks.
    static let spread = Layout(colon: ": ", comma: ", ", indentation: "  ", lineEnd: "\n")

    private init(colon: String, comma: String, indentation: String? = nil, lineEnd: String = "") {
        self.indentation = indentation.map { Array($0.utf8) }
        self.lineEnd = Array(lineEnd.utf8)
        self.colon = Array(colon.utf8)
        self.comma = Array(comma.utf8)
    }

    /// What stands between the first key and its value; nil when there is none, or when it ends a line.
    private static func colon(of root: Node, _ children: Children, in text: [UInt8]) -> [UInt8]? {
        guard case .object(let members) = root.content, let first = members.first else { return nil }
        let member = text[children.spans[0].lowerBound..<first.value.range.lowerBound]
        guard let quote = member.lastIndex(of: UInt8(ascii: "\"")) else { return nil }
        let colon = member[(quote + 1)...]
        return colon.lineBreak == nil ? Array(colon) : nil
    }
}

extension UInt8 {
    static let newline = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")

    fileprivate var isBlank: Bool { self == .space || self == UInt8(ascii: "\t") }
}

extension ArraySlice<UInt8> {
    /// The bytes of the last end of a line.
    var lineBreak: Range<Int>? {
        guard let newline = lastIndex(of: .newline) else { return nil }
        let hasReturn = newline > startIndex && self[newline - 1] == UInt8(ascii: "\r")
        return (hasReturn ? newline - 1 : newline)..<(newline + 1)
    }

    /// The blanks at its beginning.
    var blanks: ArraySlice<UInt8> { prefix(while: \.isBlank) }
}
