// SPDX-License-Identifier: Apache-2.0

/// Quotes a part of a text for a message: on one line, cut when it is long, and without what could steer a terminal.
package func quoted(_ text: String) -> String {
    let longest = 40
    let scalars = text.unicodeScalars
    let isLong = scalars.count > longest
    let visible = scalars.prefix(isLong ? longest - 3 : longest).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalar.escaped(asASCII: true)
        default: String(scalar)
        }
    }
    return "'\(visible.joined())\(isLong ? "..." : "")'"
}
