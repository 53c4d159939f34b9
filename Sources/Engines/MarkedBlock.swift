// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Text

/// Lines of ours in a file of somebody else, between two comments that say so.
///
/// The block is put behind a newline of its own, so that the text before it comes back byte for byte, whether it ended in
/// a newline or not.
struct MarkedBlock {
    private static let begin = "# rtshield: begin"
    private static let end = "# rtshield: end"

    /// What stands in front of the block.
    let before: String
    /// What stands behind it.
    let after: String

    /// Finds the block in a text.
    ///
    /// - Returns: Nil where there is none.
    /// - Throws: ``Problem`` where only one of its ends is left.
    static func find(in text: String, of path: String) throws(Problem) -> MarkedBlock? {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let first = lines.firstIndex { $0.elementsEqual(begin.utf8) }
        let last = lines.firstIndex { $0.elementsEqual(end.utf8) }
        if first == nil, last == nil { return nil }
        guard let first, let last, first < last else {
            throw Problem(
                "the marker at the beginning or at the end of rtshield's lines in \(path) is missing",
                why: "the lines are between '\(begin)' and '\(end)'",
                fix: "remove the lines and the remaining marker by hand")
        }
        return MarkedBlock(before: joined(lines[..<first]), after: joined(lines[last...].dropFirst()))
    }

    /// The text without any block.
    var rest: String {
        let isCut = before.utf8.last.map { $0 != UInt8(ascii: "\n") } ?? false
        return before + (isCut && !after.isEmpty ? "\n" : "") + after
    }

    /// The text with other lines in the block's place.
    func holding(_ lines: String) -> String { Self.put(lines, behind: before) + after }

    /// A text with a block at its end.
    static func put(_ lines: String, behind text: String) -> String {
        text + (text.isEmpty ? "" : "\n") + "\(begin)\n\(lines)\(end)\n"
    }

    private static func joined(_ lines: ArraySlice<Substring.UTF8View>) -> String {
        String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }
}
