// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("What a write leaves in its file")
struct WriteTests {
    @Test(
        "a file holds a value in the sense of that file",
        arguments: [
            ("cpuset.cpus", "2-5\n", "2,3,4,5", true), ("cpuset.cpus", "2-5", "2-4", false),
            ("cpuset.cpus", "\n", "", true),
            ("cpuset.cpus", "", "0", false), ("cpuset.cpus", "0-3", "", false),
            ("cpuset.cpus.exclusive", "\n", "\n", true),
            ("cpuset.cpus.exclusive", "2", "\n", false), ("cpuset.sched_load_balance", "0\n", "0", true),
            ("cpuset.sched_load_balance", "1\n", "0", false),
            ("cgroup.subtree_control", "cpuset cpu io\n", "+cpuset", true),
            ("cgroup.subtree_control", "cpu io\n", "+cpuset", false), ("cgroup.subtree_control", "\n", "-cpuset", true),
            ("cgroup.subtree_control", "cpuset", "-cpuset", false),
            ("cgroup.subtree_control", "cpusets", "+cpuset", false),
            ("cpuset.cpus.partition", "isolated\n", "isolated", true),
            ("cpuset.cpus.partition", "isolated invalid (why)\n", "isolated", true),
            ("cpuset.cpus.partition", "member\n", "root", false),
            ("cpuset.cpus.partition", "broken\n", "broken", false),
        ])
    func matches(name: String, text: String, value: String, holds: Bool) throws {
        let file = try #require(ControlFile(formatOne: KernelFile(.cpuset, "a/" + name)))
        #expect((file.value(in: value).map { file.holds($0, in: text) } ?? false) == holds)
    }

    @Test("the inverse of an inverse writes what was written")
    func inverse() {
        let write = Write(.cpus(of: CgroupPath("/a")), old: .cpus(CPUSet(0...7)), new: .cpus(CPUSet(2...5)), why: "why")
        #expect(write.inverse.newText == "0-7" && write.inverse.oldText == "2-5")
        #expect(write.inverse.inverse.newText == "2-5" && write.inverse.inverse.oldText == "0-7")
    }
}
