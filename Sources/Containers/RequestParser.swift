// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit
internal import Text

/// Reads annotations, and collects what is wrong on the way; with a problem, the values do not count.
struct RequestParser {
    private let annotations: [String: String]
    private let container: String?
    private(set) var problems: [RequestProblem] = []

    init(_ container: Container) {
        annotations = container.annotations
        self.container = container.name
    }

    mutating func report(_ key: String, _ message: String, hint: String) {
        problems.append(RequestProblem(key: key, message: message, hint: hint))
    }

    /// The annotation for this container, else that for its pod; with the key that was found.
    func value(of name: AnnotationKey) -> (key: String, text: String)? {
        if let key = container.flatMap(name.key(for:)), let text = annotations[key] { return (key, text) }
        return annotations[name.key].map { (name.key, $0) }
    }

    /// Reads what is asked of a feature.
    mutating func request(_ feature: Feature) -> FeatureRequest? {
        guard let annotation = feature.annotation, let (key, text) = value(of: annotation) else { return nil }
        if let request = feature.syntax(text) { return request }
        report(key, "\(quoted(text)) is not understood", hint: "accepted \(feature.syntax.accepted)")
        return nil
    }

    /// Reads one word of a closed set.
    mutating func word<Value: RawRepresentable<String> & CaseIterable>(_ name: AnnotationKey) -> Value? {
        guard let (key, text) = value(of: name) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        report(key, "\(quoted(text)) is not understood", hint: "accepted are \(known)")
        return nil
    }

    /// Reads a decimal number.
    mutating func integer(_ name: AnnotationKey, in range: ClosedRange<Int>) -> Int? {
        guard let (key, text) = value(of: name) else { return nil }
        if let number = Int(text), String(number) == text, range.contains(number) { return number }
        let hint = "accepted is a whole number from \(range.lowerBound) to \(range.upperBound)"
        report(key, "\(quoted(text)) is not understood", hint: hint)
        return nil
    }

    /// Reads a time such as `500us`, in nanoseconds.
    mutating func duration(_ name: AnnotationKey) -> UInt64? {
        guard let (key, text) = value(of: name) else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [String: UInt64] = ["ns": 1, "us": 1000, "ms": 1_000_000, "s": 1_000_000_000]
        if let number = UInt64(String(digits)), let unit = units[String(text.dropFirst(digits.count))] {
            let (product, overflows) = number.multipliedReportingOverflow(by: unit)
            if !overflows, (1...Self.longestPeriod).contains(product) { return product }
        }
        report(
            key, "\(quoted(text)) is not understood",
            hint: "accepted is a time such as 500us: a whole number and ns, us, ms or s, at most 4s")
        return nil
    }

    /// The longest period that the kernel takes by default is 2²² µs, `kernel.sched_deadline_period_max_us`.
    private static let longestPeriod: UInt64 = 4_000_000_000

    /// Reports names that look like rtshield's own and are not.
    mutating func refuseUnknown() {
        for key in annotations.keys.filter({ $0.hasPrefix(AnnotationKey.prefix) }).sorted()
        where !AnnotationKey.own.contains(where: { $0.isMeant(by: key) }) {
            report(quoted(key), "no such annotation", hint: hint(for: key))
        }
    }

    private func hint(for key: String) -> String {
        let names = AnnotationKey.own.map { $0.key }
        // Behind a dot stands the name of a container of the pod.
        let word = key.dropFirst(AnnotationKey.prefix.count).prefix { $0 != "." }
        let endings = names.map { String($0.dropFirst(AnnotationKey.prefix.count)) }
        let near = word.utf8.count <= 64 ? suggestion(for: String(word), among: endings) : nil
        return near.map { "did you mean '\(AnnotationKey.prefix)\($0)'?" }
            ?? "known are \(names.joined(separator: ", "))"
    }
}

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
