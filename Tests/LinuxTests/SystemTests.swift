// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@Suite("This system and this process")
struct SystemTests {
    @Test("a program that starts now has a start time between the ticks before and after")
    func ticks() throws {
        let before = BootClock.ticks
        let stat = try ChildProcess.run(["cat", "/proc/self/stat"]).output.text
        let after = BootClock.ticks
        let start = try #require(stat.split(separator: ")").last?.split(separator: " ").dropFirst(19).first)
        let ticks = try #require(UInt64(start))
        #expect((before...after).contains(ticks))
        #expect(after - before < 1000)
    }

    @Test("a pause is at least as long as asked")
    func pause() {
        let taken = ContinuousClock().measure { CurrentProcess.pause(for: .milliseconds(30)) }
        #expect(taken >= .milliseconds(30))
    }

    @Test("process, parent and user are those that /proc tells")
    func process() throws {
        let status = text(try FileDescriptor.open("/proc/self/status", .reading).readAll())
        #expect(status.contains("\nPid:\t\(CurrentProcess.id)\n"))
        #expect(status.contains("\nPPid:\t\(CurrentProcess.parentID)\n"))
        let users = try #require(status.split(separator: "\n").first { $0.hasPrefix("Uid:") })
        #expect(users.split(separator: "\t")[2] == "\(CurrentProcess.effectiveUserID)")
    }

    @Test("an environment variable that is not set has no value")
    func environment() {
        #expect(CurrentProcess.environmentVariable("PATH")?.isEmpty == false)
        #expect(CurrentProcess.environmentVariable("RTSHIELD_NO_SUCH_VARIABLE") == nil)
    }
}

@Suite("Rights")
struct CapabilityTests {
    @Test(
        "a right has the name that manuals use",
        arguments: [
            (Capability.dacOverride, "cap_dac_override"), (.dacReadSearch, "cap_dac_read_search"),
            (.setRights, "cap_setpcap"), (.sysPtrace, "cap_sys_ptrace"), (.sysAdmin, "cap_sys_admin"),
            (.sysNice, "cap_sys_nice"),
            (.sysResource, "cap_sys_resource"),
        ])
    func names(capability: Capability, name: String) {
        #expect(capability.name == name)
    }

    @Test("the rights of this process are the effective ones in /proc", arguments: 0..<Int32(64))
    func current(number: Int32) throws {
        let status = text(try FileDescriptor.open("/proc/self/status", .reading).readAll())
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("CapEff:\t") })
        let mask = try #require(UInt64(line.dropFirst("CapEff:\t".count), radix: 16))
        let has = try Capabilities.current().has(Capability(rawValue: number))
        #expect(has == (mask & (1 << UInt64(number)) != 0))
    }

    @Test("rights that are named are had, and no others")
    func named() {
        let rights = Capabilities([.sysNice])
        #expect(rights.has(.sysNice))
        #expect(!rights.has(.sysAdmin))
    }
}
