// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import MachineKit
import Reports
import ShieldKit
import Text

/// What `explain` prints for people.
struct ExplanationView {
    let decision: Decision
    let style: Style

    var text: String {
        let sections = [headline + identity, reasons, problems, requests, refusals]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var container: Container { decision.container }

    // MARK: - Head

    private var headline: String {
        let own = decision.ownership.cpus.title
        switch decision.ownership.kind {
        case .exclusive: return style(.strong, "This container has \(own) of its own.") + "\n"
        case .probable: return style(.strong, "This container probably has \(own) of its own.") + "\n"
        case .shared: return style(.strong, "This container has no CPUs of its own.") + "\n"
        }
    }

    private var identity: String {
        let pod = [container.namespace, container.name].compactMap { $0 }.joined(separator: "/")
        let facts: [(String, String?)] = [
            ("id", container.id?.text), ("engine", container.engine == .other ? nil : container.engine.rawValue),
            ("container", pod.isEmpty ? nil : pod), ("pod", container.podUID), ("image", container.image),
        ]
        let known = facts.compactMap { label, text in text.map { (label, $0) } }
        return known.isEmpty ? "" : "\n" + known.map { fact($0, $1) }.joined()
    }

    private func fact(_ label: String, _ text: String) -> String {
        style.wrapped(text.safeToPrint, first: "  " + label, indent: 13)
    }

    // MARK: - Ownership

    private var reasons: String {
        let ownership = decision.ownership
        let lines = ownership.reasons.enumerated().map { index, reason in
            let sign = reason.speaksFor.map { $0 ? "+" : "-" } ?? " "
            let text = reason.text.safeToPrint + (index == ownership.deciding ? ": this decides" : "")
            return style.wrapped(text, first: "  \(sign)", indent: 4)
        }
        return "  " + style(.strong, "Why") + "\n" + lines.joined()
    }

    // MARK: - Requests

    private var problems: String {
        guard !decision.problems.isEmpty else { return "" }
        let lines = decision.problems.map { style.wrapped($0.description.safeToPrint, first: "  -", indent: 4) }
        return "  " + style(.error, "Cannot be understood") + "\n" + lines.joined()
    }

    private var requests: String {
        let rows = decision.requests.rows.map { "\($0.text) (\($0.feature.key))" }
        var granted = decision.ownership.isOwner ? rows : []
        var refused = decision.ownership.isOwner ? [] : rows.map { $0 + ": only for CPUs of its own" }
        var denied: [String] = []
        let housekeeping = decision.allocation.housekeeping
        switch decision.realtime {
        case .granted(let grant): granted.append(grant.text)
        case .ignored(let line): refused.append(line)
        case .denied(let line): denied.append(line)
        case nil: break
        }
        let lists = [
            list("Would be denied", .error, denied), list("Would be granted", .strong, granted),
            list("Would not be granted", .warning, refused),
            list("Would be kept on", .strong, housekeeping.isEmpty ? [] : [housekeeping.title]),
        ]
        return lists.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var refusals: String {
        list("Its seccomp profile stands in the way", .warning, decision.refusals.map(\.text))
    }

    private func list(_ title: String, _ look: Style.Rendition, _ lines: [String]) -> String {
        guard !lines.isEmpty else { return "" }
        return "  " + style(look, title) + "\n"
            + lines.map { style.wrapped($0.safeToPrint, first: "", indent: 4) }.joined()
    }
}

extension RealtimeGrant {
    /// What it is, and where it is less than was asked for.
    fileprivate var text: String {
        var parts: [String] = []
        if let policy { parts.append("policy \(policy.rawValue)") }
        if priority > 0 { parts.append("real-time priority up to \(priority)") }
        if let budget { parts.append(budget.text) }
        return parts.joined(separator: ", ") + (shortened.isEmpty ? "" : " (\(shortened.joined(separator: "; ")))")
    }
}

extension RealtimeRequest.Budget {
    /// Such as `500 µs of each 1 ms`.
    fileprivate var text: String {
        let within = deadline == period ? "" : " within \(Self.text(deadline))"
        return "\(Self.text(runtime))\(within) of each \(Self.text(period))"
    }

    /// A time in the largest unit of which it is a whole number.
    private static func text(_ nanoseconds: UInt64) -> String {
        let units: [(UInt64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1000, "µs")]
        guard let (size, unit) = units.first(where: { nanoseconds % $0.0 == 0 }) else { return "\(nanoseconds) ns" }
        return "\(nanoseconds / size) \(unit)"
    }
}
