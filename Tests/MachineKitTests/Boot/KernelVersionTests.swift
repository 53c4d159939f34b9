// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("Kernel version")
struct KernelVersionTests {
    @Test(
        "a release is read up to its second number",
        arguments: [
            ("6.12.107+deb12-amd64", "6.12"), ("6.1.0-40-rt-amd64\n", "6.1"), ("4.18.0-553.el8.x86_64", "4.18"),
            ("5.10", "5.10"),
            ("7.0-rc3", "7.0"), ("6.18.44-fc-v595", "6.18"), ("3.10.0-1160.el7", "3.10"),
        ])
    func release(text: String, version: String) {
        #expect(KernelVersion(release: text)?.description == version)
    }

    @Test(
        "a text that is no release is refused",
        arguments: ["", "\n", "6", "6.", ".12", "v6.1", "a.b", "6.x", "-6.1", "6.99999999999999999999"])
    func refused(text: String) {
        #expect(KernelVersion(release: text) == nil)
    }

    @Test("numbers are compared as numbers")
    func order() {
        #expect(KernelVersion(6, 2) < KernelVersion(6, 12))
        #expect(KernelVersion(5, 19) < KernelVersion(6, 0))
        #expect(KernelVersion(6, 12) >= KernelVersion(6, 12))
        #expect(KernelVersion(release: "6.12.107+deb12-amd64") == KernelVersion(6, 12))
    }

    @Test(
        "a kernel built for real time says so",
        arguments: [
            ("#1 SMP PREEMPT_RT Debian 6.1.192-1 (2026-05-03)\n", true),
            ("#1 SMP PREEMPT RT Debian 4.19.316-1 (2024-06-25)", true),
            ("#1 SMP PREEMPT_DYNAMIC Debian 6.12.107-1 (2026-05-03)", false),
            ("#1 SMP PREEMPT START OF RT", false), ("#1 SMP PREEMPT", false), ("", false),
        ])
    func realtime(version: String, isRealtime: Bool) {
        #expect(KernelVersion.isRealtime(version: version) == isRealtime)
    }
}
