// SPDX-License-Identifier: Apache-2.0

import Text

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
        case .notACPU(let item): "\(quoted(item)) is not a CPU number or range"
        case .backwards(let item, let first, let last): "\(quoted(item)): \(first) is greater than \(last)"
        case .tooHigh(let item, let number):
            "\(quoted(item)): \(shortened(number)) is above the highest CPU number, \(CPUSet.highestNumber)"
        }
    }
}
