// SPDX-License-Identifier: Apache-2.0

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
