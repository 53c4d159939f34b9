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
        # What `rtshield check` checks

            rtshield check                      # everything
            rtshield check kernel               # one topic: kubelet, kernel, host, hooks or containers
            rtshield check --profile openshift  # also compare the command line with that of such a host
            rtshield check --json               # for programs: intent, claims, findings
            rtshield check --sysroot DIR        # a machine that 'rtshield snapshot' recorded

        It changes nothing. It compares everything with the CPUs that are meant to be quiet: those of the current shield;
        without one, those of `shield` in the configuration; without that, those that kubelet's static policy does not reserve; and
        without kubelet, those that the kernel's command line isolates.

        A finding is an `error` if something does not work, a `warning` if something disturbs quiet CPUs or may do so, a
        `note` if it is worth knowing, and `ok` (with `--verbose`) if everything is in order. The exit status is 0 without warnings and
        errors, 4 with warnings only, 1 with errors, and 2 for a wrong command line.

        This page is generated from the rules: `rtshield check --rules` prints it.

        """

    private func section(_ topic: Topic) -> String {
        "\n## \(topic.title)\n" + Rule.rules(of: topic).map(entry).joined()
    }

    private func entry(_ rule: Rule) -> String {
        "\n### \(rule.id)\n\n\(rule.title).\n\n\(rule.why)\n\n<\(rule.reference)>\n"
    }
}
