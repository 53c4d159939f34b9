// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// Lines of TOML, in which a character between quotes means nothing.
///
/// A quote that is escaped is taken for one that ends.
enum TOMLText {
    /// A line without its comment and without blanks around it.
    static func uncommented(_ line: Substring) -> String {
        trimmed(firstIndex(of: "#", in: line).map { line[..<$0] } ?? line)
    }

    /// Where a character first stands outside of quotes.
    static func firstIndex(of wanted: Character, in text: Substring) -> Substring.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == wanted {
                return index
            } else if character.isTOMLQuote {
                quote = character
            }
        }
        return nil
    }

    /// How many more lists a text opens than it closes.
    static func openLists(in text: String) -> Int {
        let opening = { (character: Character) in
            var (count, rest) = (0, text[...])
            while let index = firstIndex(of: character, in: rest) {
                count += 1
                rest = rest[index...].dropFirst()
            }
            return count
        }
        return opening("[") - opening("]")
    }

    /// The texts between quotes.
    static func strings(in text: String) -> [String] {
        var strings: [String] = []
        var rest = text[...]
        while let start = rest.firstIndex(where: \.isTOMLQuote) {
            let string = rest[start...].dropFirst().prefix { $0 != rest[start] }
            strings.append(String(string))
            rest = rest[string.endIndex...].dropFirst()
        }
        return strings
    }

    static func trimmed(_ text: some StringProtocol) -> String { String(text.trimmingASCIISpace()) }
}

extension Character {
    fileprivate var isTOMLQuote: Bool { self == "\"" || self == "'" }
}
