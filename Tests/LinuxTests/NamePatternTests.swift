// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@Suite("Patterns for names")
struct NamePatternTests {
    @Test(
        "a pattern describes the whole of a name",
        arguments: [
            ("eth0-*", "eth0-rx-1"), ("eth0-*", "eth0-"), ("*", ""), ("*", ".hidden"), ("*", "a/b"), ("?", "x"),
            ("nvme[0-9]q[!0]", "nvme0q1"), ("\\*", "*"), ("", ""),
        ])
    func matches(pattern: String, name: String) {
        #expect(NamePattern(pattern).matches(name))
    }

    @Test(
        "and no other",
        arguments: [
            ("eth0-*", "eth1-rx-1"), ("eth0-*", "xeth0-rx"), ("eth0", "eth0-rx"), ("?", ""), ("ETH", "eth"),
            ("nvme[0-9]q[!0]", "nvme0q0"), ("\\*", "a"), ("a", "a\0b"), ("a\0b", "a"),
        ])
    func differs(pattern: String, name: String) {
        #expect(!NamePattern(pattern).matches(name))
    }
}
