// SPDX-License-Identifier: Apache-2.0

import CLibcap
import Glibc
import Testing

@testable import Linux

@Suite(
    "Giving up rights",
    .enabled(if: hasAll([.sysNice, .dacReadSearch, .dacOverride, .setRights]), "there is nothing to give up"))
struct CapabilitiesTests {
    @Test("of all rights the given ones are left, to use but not to hand on")
    func keeping() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try Capabilities.keep(only: [.sysNice, .dacReadSearch])
                let sets = try HeldCapabilities.current()
                expect(sets.effective == [.sysNice, .dacReadSearch])
                expect(sets.permitted == [.sysNice, .dacReadSearch])
                expect(sets.inheritable.isEmpty && sets.ambient.isEmpty && sets.bounding.isEmpty)
                expect(sets.isRootPowerless)
            }
        }
    }

    @Test("the bounding set is left where it means nothing")
    func bounds() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                let before = try HeldCapabilities.current()
                try Capabilities.keep(only: [.sysNice], emptyingBounds: false)
                let sets = try HeldCapabilities.current()
                expect(sets.bounding == before.bounding)
                expect(sets.effective == [.sysNice] && sets.isRootPowerless)
            }
        }
    }

    @Test("what was given up is really gone, and does not come back")
    func gone() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                let directory = try TemporaryDirectory()
                directory.file("file", holding: "x")
                chmod(directory.path + "/file", 0)
                expect(access(directory.path + "/file", R_OK) == 0)
                try Capabilities.keep(only: [.sysNice])
                expect(access(directory.path + "/file", R_OK) == -1 && errno == EACCES)
                try Capabilities.keep(only: [.sysNice, .sysAdmin, .dacOverride])
                expect(try HeldCapabilities.current().effective == [.sysNice])
            }
        }
    }

    @Test("a program that is started has no rights although it is root")
    func programs() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try Capabilities.keep(only: [])
                let status = try ChildProcess.run(["grep", "Cap", "/proc/self/status"]).output.text
                for line in status.split(separator: "\n") { expect(line.hasSuffix("\t0000000000000000")) }
                expect(status.split(separator: "\n").count == 5)
                expect(CurrentProcess.effectiveUserID == 0)
            }
        }
    }

    @Test("who may not empty the bounding set gives up the rest all the same")
    func unprivileged() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                expect(setuid(65_534) == 0)
                try Capabilities.keep(only: [.sysNice])
                let sets = try HeldCapabilities.current()
                expect(sets.effective.isEmpty && sets.permitted.isEmpty && sets.inheritable.isEmpty)
                expect(!sets.bounding.isEmpty && !sets.isRootPowerless)
            }
        }
    }
}

private func hasAll(_ rights: [Capability]) -> Bool {
    guard let held = try? Capabilities.current() else { return false }
    return rights.allSatisfy(held.has)
}

/// All capabilities that the calling thread has or could come by, as `/proc` has them.
private struct HeldCapabilities {
    var inheritable, permitted, effective, bounding, ambient: Set<Capability>
    /// Whether being root gives nothing any more, with all of `SECBIT_NOROOT`, `SECBIT_NO_SETUID_FIXUP` and
    /// `SECBIT_NO_CAP_AMBIENT_RAISE` locked.
    var isRootPowerless: Bool

    static func current() throws -> HeldCapabilities {
        let sets = text(try FileDescriptor.open("/proc/thread-self/status", .reading).readAll())
            .split(separator: "\n").filter { $0.hasPrefix("Cap") }
            .map { line in
                let bits = UInt64(line.suffix(16), radix: 16) ?? 0
                return Set((0..<Int32(64)).filter { bits & 1 << UInt64($0) != 0 }.map(Capability.init(rawValue:)))
            }
        return HeldCapabilities(
            inheritable: sets[0], permitted: sets[1], effective: sets[2], bounding: sets[3], ambient: sets[4],
            isRootPowerless: cap_get_secbits() & 0b1110_1111 == 0b1110_1111)
    }
}
