// SPDX-License-Identifier: Apache-2.0

/// Writes values as a text has them.
struct Writer {
    let layout: Layout
    private(set) var bytes: [UInt8] = []

    init(_ layout: Layout) { self.layout = layout }

    mutating func write(_ bytes: some Sequence<UInt8>) { self.bytes.append(contentsOf: bytes) }

    /// Writes a value.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - indentation: What indents the line that it starts on; nil to stay on that line.
    mutating func write(_ value: Value, indentation: [UInt8]?) {
        switch value {
        case .null: write("null".utf8)
        case .boolean(let flag): write((flag ? "true" : "false").utf8)
        case .number(let number): write(String(number).utf8)
        case .string(let text): write(string: text)
        case .array(let items):
            // Words and numbers are read more easily side by side.
            let indentation = items.contains(where: \.isContainer) ? indentation : nil
            write("[".utf8)
            spread(items, indentation) { writer, item, inner in writer.write(item, indentation: inner) }
            write("]".utf8)
        case .object(let members):
            write("{".utf8)
            spread(members, indentation) { writer, member, inner in writer.write(member, indentation: inner) }
            write("}".utf8)
        }
    }

    /// Writes a key and its value.
    mutating func write(_ member: Value.Member, indentation: [UInt8]?) {
        write(string: member.key)
        write(layout.colon)
        write(member.value, indentation: indentation)
    }

    /// Writes what lies between two brackets, each on a line of its own if there is an indentation for it.
    mutating func spread<Child>(
        _ children: [Child], _ indentation: [UInt8]?, _ body: (inout Writer, Child, [UInt8]?) -> Void
    ) {
        guard let indentation, let unit = layout.indentation, !children.isEmpty else {
            for (index, child) in children.enumerated() {
                if index > 0 { write(layout.comma) }
                body(&self, child, nil)
            }
            return
        }
        for (index, child) in children.enumerated() {
            if index > 0 { write(",".utf8) }
            write(layout.lineEnd + indentation + unit)
            body(&self, child, indentation + unit)
        }
        write(layout.lineEnd + indentation)
    }

    private mutating func write(string text: String) {
        write("\"".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): write("\\\"".utf8)
            case UInt8(ascii: "\\"): write("\\\\".utf8)
            case .newline: write("\\n".utf8)
            case UInt8(ascii: "\r"): write("\\r".utf8)
            case UInt8(ascii: "\t"): write("\\t".utf8)
            case 0..<0x20:
                write((byte < 0x10 ? "\\u000" : "\\u00").utf8)
                write(String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        write("\"".utf8)
    }
}

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
