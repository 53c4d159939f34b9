// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

extension String {
    /// The text with every character escaped that could move the cursor, change colours or turn the direction of writing.
    ///
    /// Names of tasks and groups come from anybody who can start one.
    var safeToPrint: String {
        guard unicodeScalars.contains(where: \.isUnsafeToPrint) else { return self }
        return unicodeScalars.map { $0.isUnsafeToPrint ? $0.escaped : String($0) }.joined()
    }
}

extension Unicode.Scalar {
    fileprivate var isUnsafeToPrint: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    fileprivate var escaped: String {
        switch self {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        default: "\\u{" + String(value, radix: 16) + "}"
        }
    }
}
