// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text with a space for each control character, of which some would end its line or steer a terminal.
    package var withoutControlCharacters: String {
        String(
            String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || 0x7f...0x9f ~= $0.value ? " " : $0 }))
    }
}
