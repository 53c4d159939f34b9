// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Linux

@Suite("Limits of a process")
struct ResourceLimitTests {
    @Test(
        "a limit of another process is set, read back, and told by /proc",
        .enabled(if: (try? Capabilities.current().has(.sysResource)) == true, "needs the right to raise limits"),
        arguments: [
            (ResourceLimit.Resource.realTimePriority, "Max realtime priority"), (.realTimeRun, "Max realtime timeout"),
            (.lockedMemory, "Max locked memory"),
        ])
    func roundTrip(resource: ResourceLimit.Resource, name: String) throws {
        try withSleeper { sleeper in
            let before = try ResourceLimit.of(resource, process: sleeper)
            let limit = ResourceLimit(soft: 20, hard: 40)
            #expect(try limit.set(resource, process: sleeper) == before)
            #expect(try ResourceLimit.of(resource, process: sleeper) == limit)
            #expect(try values(name, of: sleeper) == ["20", "40"])
            let unlimited = ResourceLimit(soft: ResourceLimit.unlimited, hard: ResourceLimit.unlimited)
            #expect(try unlimited.set(resource, process: sleeper) == limit)
            #expect(try values(name, of: sleeper) == ["unlimited", "unlimited"])
            #expect(try ResourceLimit.of(resource, process: sleeper) == unlimited)
        }
    }

    @Test("a limit is lowered without any right, and what is given up does not come back")
    func lowering() throws {
        try withSleeper { sleeper in
            let before = try ResourceLimit.of(.lockedMemory, process: sleeper)
            let lower = ResourceLimit(soft: 4096, hard: min(8192, before.hard))
            #expect(try lower.set(.lockedMemory, process: sleeper) == before)
            #expect(try ResourceLimit.of(.lockedMemory, process: sleeper) == lower)
            #expect(try values("Max locked memory", of: sleeper) == ["4096", "8192"])
            if try Capabilities.current().has(.sysResource) { return }
            #expect(throws: Errno.notPermitted) {
                try ResourceLimit(soft: 4096, hard: 8193).set(.lockedMemory, process: sleeper)
            }
            #expect(try ResourceLimit.of(.lockedMemory, process: sleeper) == lower)
        }
    }

    @Test("0 is this process")
    func own() throws {
        for resource in ResourceLimit.Resource.allCases {
            #expect(
                try ResourceLimit.of(resource, process: 0) == ResourceLimit.of(resource, process: CurrentProcess.id))
        }
    }

    @Test("a soft limit above the hard one is refused, and nothing changes")
    func inverted() throws {
        try withSleeper { sleeper in
            let before = try ResourceLimit.of(.realTimePriority, process: sleeper)
            #expect(throws: Errno.invalidArgument) {
                try ResourceLimit(soft: 2, hard: 1).set(.realTimePriority, process: sleeper)
            }
            #expect(try ResourceLimit.of(.realTimePriority, process: sleeper) == before)
        }
    }

    @Test("a process that does not exist is said to be gone")
    func gone() throws {
        let number = try endedProcess()
        #expect(throws: Errno.noSuchProcess) { _ = try ResourceLimit.of(.lockedMemory, process: number) }
        #expect(throws: Errno.noSuchProcess) {
            try ResourceLimit(soft: 1, hard: 1).set(.lockedMemory, process: number)
        }
    }

    /// What `/proc` says, up to the unit.
    private func values(_ name: String, of process: Int32) throws -> [Substring] {
        let limits = text(try FileDescriptor.open("/proc/\(process)/limits", .reading).readAll())
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix(name) })
        return Array(line.dropFirst(name.count).split(separator: " ").prefix(2))
    }
}
