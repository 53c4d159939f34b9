// SPDX-License-Identifier: Apache-2.0

extension Value {
    /// The value as a text of its own, on one line.
    package var text: String { text(.tight, indentation: nil) }

    /// The value as a text for people, with a line for each member.
    package var spreadText: String { text(.spread, indentation: []) }

    private func text(_ layout: Layout, indentation: [UInt8]?) -> String {
        var writer = Writer(layout)
        writer.write(self, indentation: indentation)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
