// SPDX-License-Identifier: Apache-2.0

/// Why a CPU list that a person typed is none.
///
/// The description is a fragment that follows the name of what was given, as in `--cpus: '5-2': 5 is greater than 2`.
package enum CPUListError: Error, Hashable, Sendable {
    /// Nothing was given at all.
    case empty
    /// The list begins with a comma.
    case leadingComma
    /// The list ends in a comma.
    case trailingComma
    /// Two commas follow each other.
    case doubleComma
    /// This item of the list is neither a number nor two numbers joined by a hyphen.
    case notACPU(item: String)
    /// This item is a range whose first number is above its last.
    case backwards(item: String, first: Int, last: Int)
    /// This item has a number above ``CPUSet/highestNumber``; the number is text because it may not fit an integer.
    case tooHigh(item: String, number: String)
}

extension CPUListError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "is empty; give CPUs such as 2-5,8"
        case .leadingComma: "starts with a comma; give CPUs such as 2-5,8"
        case .trailingComma: "ends in a comma; give CPUs such as 2-5,8"
        case .doubleComma: "has two commas with no CPU between them"
        case .notACPU(let item): "\(Self.quoted(item)) is not a CPU number or range"
        case .backwards(let item, let first, let last): "\(Self.quoted(item)): \(first) is greater than \(last)"
        case .tooHigh(let item, let number):
            "\(Self.quoted(item)): \(Self.shortened(number)) is above the highest CPU number, \(CPUSet.highestNumber)"
        }
    }

    /// Quotes what was typed, on one line and without what could steer a terminal.
    private static func quoted(_ text: String) -> String {
        let visible = shortened(text).unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalar.escaped(asASCII: true)
            default: String(scalar)
            }
        }
        return "'\(visible.joined())'"
    }

    /// Cuts a text that would fill the line.
    private static func shortened(_ text: String) -> String {
        text.unicodeScalars.count <= 40
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(37))) + "..."
    }
}
