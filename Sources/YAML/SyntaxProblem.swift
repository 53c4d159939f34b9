// SPDX-License-Identifier: Apache-2.0

/// What libyaml says of a text that is no YAML.
struct SyntaxProblem {
    /// Such as `did not find expected key`.
    var problem: String
    /// Such as `while parsing a block mapping`; may be empty.
    var context: String
    /// The byte at the place of the problem; nil at the end.
    var next: UInt8?

    /// The same for people: the commonest slips have an explanation of their own.
    func error(at mark: Mark) -> YAMLError {
        if next == UInt8(ascii: "\t") {
            return YAMLError("a tab cannot indent", at: mark, hint: "indent with spaces")
        }
        return YAMLError(context.isEmpty ? problem : "\(problem) \(context)", at: mark, hint: hint)
    }

    private var hint: String {
        if context.hasSuffix("alias") || context.hasSuffix("anchor") {
            return "quote text that starts with '*' or '&'"
        }
        guard problem == "found character that cannot start any token", let next else { return "" }
        return "quote text that starts with '\(Unicode.Scalar(next))'"
    }
}
