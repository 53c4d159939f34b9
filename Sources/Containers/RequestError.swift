// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// Annotations that say nothing which can be understood; at least one.
package struct RequestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with each, in the order of the keys.
    package let problems: [RequestProblem]

    /// The problems, each on a line of its own.
    package var description: String { problems.map { $0.description }.joined(separator: "\n") }
}

/// An annotation that is wrong; its texts are single lines and safe to print.
package struct RequestProblem: Hashable, Sendable, CustomStringConvertible {
    /// The key of the annotation, or where else the request stands; quoted when it is not one that is known.
    package let key: String
    /// What is wrong, the value in it.
    package let message: String
    /// What is accepted.
    package let hint: String

    /// The key, what is wrong and what is accepted.
    package var description: String { "\(key): \(message); \(hint)" }
}
