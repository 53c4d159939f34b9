// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite(
    "Giving up rights",
    .enabled(if: hasAll([.sysNice, .dacReadSearch, .dacOverride, .setRights]), "there is nothing to give up"))
struct CapabilitySetsTests {
    @Test("all sets are those that /proc tells")
    func current() throws {
        let sets = try CapabilitySets.current()
        #expect(try masks(of: sets) == status())
        #expect(!sets.effective.isEmpty && !sets.bounding.isEmpty)
        #expect(!sets.isRootPowerless)
    }

    @Test("of all rights the given ones are left, to use but not to hand on")
    func keeping() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try CapabilitySets.keep(only: [.sysNice, .dacReadSearch])
                let sets = try CapabilitySets.current()
                expect(sets.effective == [.sysNice, .dacReadSearch])
                expect(sets.permitted == [.sysNice, .dacReadSearch])
                expect(sets.inheritable.isEmpty && sets.ambient.isEmpty && sets.bounding.isEmpty)
                expect(sets.isRootPowerless)
                expect(try masks(of: sets) == status())
            }
        }
    }

    @Test("the bounding set is left where it means nothing")
    func bounds() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                let before = try CapabilitySets.current()
                try CapabilitySets.keep(only: [.sysNice], emptyingBounds: false)
                let sets = try CapabilitySets.current()
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
                try CapabilitySets.keep(only: [.sysNice])
                expect(access(directory.path + "/file", R_OK) == -1 && errno == EACCES)
                try CapabilitySets.keep(only: [.sysNice, .sysAdmin, .dacOverride])
                expect(try CapabilitySets.current().effective == [.sysNice])
            }
        }
    }

    @Test("a program that is started has no rights although it is root")
    func programs() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try CapabilitySets.keep(only: [])
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
                try CapabilitySets.keep(only: [.sysNice])
                let sets = try CapabilitySets.current()
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

/// The sets as bits, in the order of `/proc/PID/status`.
private func masks(of sets: CapabilitySets) -> [UInt64] {
    [sets.inheritable, sets.permitted, sets.effective, sets.bounding, sets.ambient].map { set in
        set.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }
}

private func status() throws -> [UInt64] {
    text(try FileDescriptor.open("/proc/thread-self/status", .reading).readAll())
        .split(separator: "\n").filter { $0.hasPrefix("Cap") }
        .compactMap { UInt64($0.suffix(16), radix: 16) }
}
