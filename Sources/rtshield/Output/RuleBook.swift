// SPDX-License-Identifier: Apache-2.0

import Checks

/// What `check` looks at, as the Markdown of `docs/checks.md`.
struct RuleBook {
    let topics: [Topic]

    var text: String {
        "# What `rtshield check` looks at\n\n"
            + "This page is made of the rules themselves: `rtshield check --rules` prints it.\n"
            + topics.map(section).joined()
    }

    private func section(_ topic: Topic) -> String {
        "\n## \(topic.title)\n" + Rule.rules(of: topic).map(entry).joined()
    }

    private func entry(_ rule: Rule) -> String {
        "\n### \(rule.id)\n\n\(rule.title).\n\n\(rule.why)\n\n<\(rule.reference)>\n"
    }
}
