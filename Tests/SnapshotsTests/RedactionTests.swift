// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Snapshots

@Suite("Secrets of configurations")
struct DiscretionTests {
    @Test(
        "stay out of recordings, and all else is as it was",
        arguments: [
            ("password = s3cret\n", "password = removed\n"),
            ("  \"identitytoken\": \"abc\\\"def\",\n", "  \"identitytoken\": \"removed\",\n"),
            ("registry_password: 'x'", "registry_password: 'removed'"),
            ("connection = mysql://nova:pw@10.0.0.1/nova?x=y", "connection = mysql://removed@10.0.0.1/nova?x=y"),
            ("a = \"http://u:p@one:1\", \"http://two:2\"", "a = \"http://removed@one:1\", \"http://two:2\""),
            ("kubelet\0--token=abc\0--config=/x\0", "kubelet\0--token=removed\0--config=/x\0"),
            (
                "authentication:\n  anonymous:\n    enabled: false\n",
                "authentication:\n  anonymous:\n    enabled: false\n"
            ),
            ("Environment=\"API_TOKEN=abc\"\r\n", "Environment=\"API_TOKEN=removed\n"),
            ("vcpu_pin_set = 4-11\nreservedSystemCPUs: 0-1\n", "vcpu_pin_set = 4-11\nreservedSystemCPUs: 0-1\n"),
        ])
    func applied(text: String, wanted: String) {
        #expect(String(decoding: Redaction.applied(to: Array(text.utf8)), as: UTF8.self) == wanted)
    }

    @Test("what is no text is left out")
    func binary() { #expect(Redaction.applied(to: [0xFF, 0xFE, 1]) == []) }

    @Test("a file of one long line takes no long time")
    func long() {
        let text = String(repeating: "http://a:b@c ", count: 80_000)
        let wanted = String(repeating: "http://removed@c ", count: 80_000)
        #expect(Redaction.applied(to: Array(text.utf8)) == Array(wanted.utf8))
    }
}
