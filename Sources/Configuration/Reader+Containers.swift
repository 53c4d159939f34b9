// SPDX-License-Identifier: Apache-2.0

import Containers
import ShieldKit
import Text
import YAML

extension Reader {
    private static let containersKeys = ["runtime", "open-seccomp", "exclusive", "strict", "hook-seconds"]

    /// Reads what is below `containers`.
    mutating func containers(_ node: Node) -> ContainersConfiguration {
        var configuration = ContainersConfiguration()
        guard let section = section(node, "containers", keys: Reader.containersKeys) else { return configuration }
        if let node = section["runtime"], !node.isEmpty { configuration.runtime = program(node, of: "runtime") }
        if let node = section["open-seccomp"], !node.isEmpty {
            configuration.opensSeccomp = word(node, of: "open-seccomp", as: Flag.self) == .true
        }
        if let node = section["hook-seconds"], let seconds = integer(node, of: "hook-seconds", in: 1...60) {
            configuration.hookSeconds = seconds
        }
        if let node = section["exclusive"], !node.isEmpty { configuration.defaults = requests(node) }
        if let node = section["strict"], !node.isEmpty {
            configuration.strict = Set(words(node, of: "strict").map(\.value))
        }
        return configuration
    }

    /// Reads the path of a program, which nothing of the environment is to decide.
    private mutating func program(_ node: Node, of subject: String) -> String? {
        let hint = "give its whole path, such as /usr/bin/runc"
        guard let path = text(node, of: subject, hint: hint) else { return nil }
        guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.utf8.contains(0) else {
            report("\(subject): \(quoted(path)) is no absolute path of a program", at: node.mark, hint: hint)
            return nil
        }
        return path
    }
}

// MARK: - Requests for all

extension Reader {
    /// Reads what containers with CPUs of their own request unless their annotations say otherwise.
    private mutating func requests(_ node: Node) -> Requests {
        var requests = Requests()
        let features = Feature.allCases.filter(\.isConfigurable)
        let keys = features.map(\.rawValue) + ["rt-priority", "rt-policy"]
        guard let section = section(node, "exclusive", keys: keys) else { return requests }
        for feature in features {
            requests[feature] = section.written(feature.rawValue).flatMap { request($0, feature) }
        }
        requests.realtime = realtimeRequest(section)
        return requests
    }

    private mutating func request(_ node: Node, _ feature: Feature) -> FeatureRequest? {
        let (key, syntax) = (feature.rawValue, feature.syntax)
        let hint =
            "give " + (syntax.words.isEmpty ? syntax.description : "one of: \(syntax.words.joined(separator: ", "))")
        guard let text = text(node, of: key, hint: hint) else { return nil }
        guard syntax.words.isEmpty else {
            if syntax.words.contains(text) { return syntax(text) }
            report(unknown: text, in: key, of: syntax.words, at: node.mark)
            return nil
        }
        if let request = syntax(text) { return request }
        report("\(key): \(quoted(text)) is none", at: node.mark, hint: hint)
        return nil
    }

    private mutating func realtimeRequest(_ section: Section) -> RealtimeRequest? {
        let policy = section.written("rt-policy").flatMap { word($0, of: "rt-policy", as: PriorityPolicy.self) }
        guard let node = section.written("rt-priority") else {
            if policy != nil {
                report(
                    "rt-policy: there is no priority", at: section.mark(of: "rt-policy"),
                    hint: "add rt-priority: 1 to 99")
            }
            return nil
        }
        return integer(node, of: "rt-priority", in: 1...99).map {
            RealtimeRequest(policy: policy.flatMap { RealtimePolicy(rawValue: $0.rawValue) }, priority: $0)
        }
    }
}

extension Section {
    /// The value of a key with something behind it.
    fileprivate func written(_ key: String) -> Node? { self[key].flatMap { $0.isEmpty ? nil : $0 } }
}

/// The policies that go with a priority alone.
private enum PriorityPolicy: String, CaseIterable {
    case fifo, rr
}

/// The words for yes and no.
private enum Flag: String, CaseIterable {
    case `true`, `false`
}
