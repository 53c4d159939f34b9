// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// Rows of words in columns, as wide as their widest word; the last column is not padded.
struct TextColumns {
    var rows: [[String]]
    /// The columns that hold numbers.
    var rightAligned: Set<Int> = []

    func text(_ style: Style, hasHead: Bool = true) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.enumerated().map { number, row in
            let cells = row.enumerated().map { column, word in
                if rightAligned.contains(column) { return word.padded(left: widths[column]) }
                return column == row.count - 1 ? word : word.padded(to: widths[column])
            }
            let line = cells.joined(separator: "  ")
            return "  " + (hasHead && number == 0 ? style(.strong, line) : line) + "\n"
        }.joined()
    }
}
