// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON, or more than is read here.
package struct JSONError: Error, Hashable, Sendable {
    /// Where it is wrong.
    package let place: Place
    /// What is wrong: one line without a full stop, safe to print.
    package let message: String

    init(_ message: String, at place: Place) {
        self.place = place
        self.message = message
    }
}

extension JSONError: CustomStringConvertible {
    /// The place and the message.
    package var description: String { "\(place): \(message)" }
}
