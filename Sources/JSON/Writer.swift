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
