// SPDX-License-Identifier: Apache-2.0

/// Why an engine was not set up: one line of what, one of why, one of what to do.
package struct SetupError: Error, Hashable, Sendable {
    /// What did not work.
    package let what: String
    /// Why it did not.
    package let why: String?
    /// What a person can do about it.
    package let advice: String?

    init(_ what: String, why: String? = nil, try advice: String? = nil) {
        self.what = what
        self.why = why
        self.advice = advice
    }
}
