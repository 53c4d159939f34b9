// SPDX-License-Identifier: Apache-2.0

import Checks
import MachineKit

/// What `check` looks at, as the Markdown of `docs/checks.md`.
struct RuleReference {
    let topics: [Topic]

    var text: String {
        Self.lead + topics.map(section).joined()
    }

    private static let lead = """
        # What `rtshield check` looks at

            rtshield check                      # everything
            rtshield check kernel               # one topic: kubelet, kernel, host, hooks or containers
            rtshield check --profile openshift  # and the command line against that of such a host
            rtshield check --json               # for programs: intent, claims, findings
            rtshield check --sysroot DIR        # a machine that 'rtshield snapshot' recorded

        It changes nothing. What it holds everything against are the CPUs that are meant to be quiet: those of the shield that
        stands; without one, of `shield` in the configuration; without that, what kubelet's static policy does not reserve; and
        without kubelet, what the kernel's command line isolates.

        A finding is an `error` when something does not do what it is there for, a `warning` when something disturbs or may, a
        `note` when it is worth knowing, and `ok` (with `--verbose`) when all is well. The exit status is 0 without warnings and
        errors, 4 with warnings only, 1 with errors, and 2 for a wrong command line.

        This page is made of the rules themselves: `rtshield check --rules` prints it.

        """

    private func section(_ topic: Topic) -> String {
        "\n## \(topic.title)\n" + Rule.rules(of: topic).map(entry).joined()
    }

    private func entry(_ rule: Rule) -> String {
        "\n### \(rule.id)\n\n\(rule.title).\n\n\(rule.why)\n\n<\(rule.reference)>\n"
    }
}
