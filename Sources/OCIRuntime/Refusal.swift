// SPDX-License-Identifier: Apache-2.0

import Text

/// Why no runtime is called: one line of what is wrong and what to do, safe to print.
struct Refusal: Error, Hashable, CustomStringConvertible {
    let description: String

    /// Takes a text; of what would end its line or steer a terminal, spaces are left.
    init(_ text: String) { description = text.withoutControlCharacters }
}
