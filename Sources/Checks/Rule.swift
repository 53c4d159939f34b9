// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports

/// One thing that is checked, described once: findings, their JSON and `docs/checks.md` follow from it.
package struct Rule: Sendable {
    /// Its name for programs and links, which never changes: `rt-throttling`, unique in its topic.
    package let name: String
    package let topic: Topic
    /// What holds where all is well: one sentence without a full stop.
    package let title: String
    /// Why it matters: one or two sentences.
    package let why: String
    /// The address of what it rests on.
    package let reference: String
    /// Looks at a machine; where its subject does not exist it says nothing.
    let look: @Sendable (Evidence) -> [RuleResult]

    init(
        _ name: String, _ topic: Topic, title: String, why: String, reference: String,
        look: @escaping @Sendable (Evidence) -> [RuleResult]
    ) {
        self.name = name
        self.topic = topic
        self.title = title
        self.why = why
        self.reference = reference
        self.look = look
    }

    /// The name with its topic, `kernel.rt-throttling`.
    package var id: String { "\(topic.rawValue).\(name)" }
}

extension Rule {
    /// Every rule, topic by topic.
    package static let all: [Rule] = Topic.allCases.flatMap(rules(of:))

    /// The rules of one topic, in the order in which they are checked.
    package static func rules(of topic: Topic) -> [Rule] {
        switch topic {
        case .kubelet: kubeletRules
        case .kernel: kernelRules
        case .host: hostRules
        case .hooks: hooksRules
        case .containers: containerRules
        }
    }
}

/// What a rule saw.
struct RuleResult: Hashable, Sendable {
    var severity: Finding.Severity
    /// What is: one line without a full stop; it may hold names that anybody chose, control characters and all.
    var what: String
    /// What should be; nil where that is what is.
    var wanted: String?
    /// The exact command or line that mends it; nil where nothing is to be done.
    var fix: String?

    private init(_ severity: Finding.Severity, _ what: String, _ wanted: String?, _ fix: String?) {
        self.severity = severity
        // A value in somebody's file may be as long as the file.
        self.what = what.utf8.count > 2000 ? what.prefix(1000) + "…" : what
        self.wanted = wanted
        self.fix = fix
    }

    /// All is well.
    static func ok(_ what: String) -> RuleResult { RuleResult(.ok, what, nil, nil) }

    /// Worth knowing; nothing has to be done.
    static func note(_ what: String, wanted: String? = nil, fix: String? = nil) -> RuleResult {
        RuleResult(.note, what, wanted, fix)
    }

    /// Something disturbs, or may.
    static func warning(_ what: String, wanted: String, fix: String) -> RuleResult {
        RuleResult(.warning, what, wanted, fix)
    }

    /// Something does not do what it is there for.
    static func error(_ what: String, wanted: String, fix: String) -> RuleResult {
        RuleResult(.error, what, wanted, fix)
    }
}

/// What a person can have checked by itself.
package enum Topic: String, Hashable, Sendable, Codable, CaseIterable {
    /// Whether kubelet would start, and gives out the CPUs that are meant.
    case kubelet
    /// Whether the kernel was booted, and is set, for what is meant.
    case kernel
    /// Whether other programs of the machine work against the shield.
    case host
    /// Whether engines call rtshield.
    case hooks
    /// Whether each running container is where it belongs.
    case containers

    /// What documents call it.
    package var title: String {
        switch self {
        case .kubelet: "Kubelet"
        case .kernel: "Kernel"
        case .host: "Host"
        case .hooks: "Hooks"
        case .containers: "Containers"
        }
    }
}
