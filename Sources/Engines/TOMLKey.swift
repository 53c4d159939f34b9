// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// A dotted key of TOML, such as `plugins."io.containerd.grpc.v1.cri".containerd`, as its parts.
enum TOMLKey {
    /// The parts; nil for what is no key.
    static func parts(of text: some StringProtocol) -> [String]? {
        var parts: [String] = []
        var rest = Substring(text)
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard let part = nextPart(&rest), !part.isEmpty else { return nil }
            parts.append(part)
            rest = rest.drop(while: \.isWhitespace)
            guard let separator = rest.popFirst() else { return parts }
            if separator != "." { return nil }
        }
    }

    /// Takes one part off, without its quotes; escapes stay as they are written.
    private static func nextPart(_ rest: inout Substring) -> String? {
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            let part = rest.prefix { $0 != "." && !$0.isWhitespace }
            rest = rest[part.endIndex...]
            return String(part)
        }
        let part = rest.dropFirst().prefix { $0 != quote }
        guard part.endIndex < rest.endIndex else { return nil }
        rest = rest[rest.index(after: part.endIndex)...]
        return String(part)
    }
}
