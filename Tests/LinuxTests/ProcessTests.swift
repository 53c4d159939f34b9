// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Hardening this process")
struct HardeningTests {
    @Test("a program that is started cannot gain rights")
    func newPrivileges() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try CurrentProcess.forbidNewPrivileges()
                let status = try ChildProcess.run(["grep", "NoNewPrivs", "/proc/self/status"]).output.text
                expect(status == "NoNewPrivs:\t1\n")
            }
        }
    }

    @Test("no memory image is left, and /proc shows nothing to others of the same user")
    func dumps() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                // Root without rights is a user like any other. Whoever runs the tests may have forbidden it before.
                try Capabilities.keep(only: [])
                let prctl = dlsym(nil, "prctl").map {
                    unsafeBitCast($0, to: (@convention(c) (Int32, UInt) -> Int32).self)
                }
                expect(prctl?(4, 1) == 0)
                let look = ["cat", "/proc/\(CurrentProcess.id)/environ"]
                expect(try ChildProcess.run(look).isSuccess)
                try CurrentProcess.forbidDumps()
                expect(try !ChildProcess.run(look).isSuccess)
            }
        }
    }
}
