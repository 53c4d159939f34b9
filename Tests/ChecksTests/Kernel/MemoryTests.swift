// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Memory")
struct MemoryTests {
    private let enabled = "sys/kernel/mm/transparent_hugepage/enabled"

    @Test(
        "statistics that are folded often are noted",
        arguments: [("1", [Finding.Severity.note]), ("10", [.ok]), ("x", [])])
    func statistics(value: String, expected: [Finding.Severity]) throws {
        #expect(
            try severities(of: .statistics, on: quietMachine(files: ["proc/sys/vm/stat_interval": value])) == expected)
    }

    @Test(
        "isolated CPUs are asked for none, from 6.8 on",
        arguments: [
            ("6.7.0", Placement.pool(balanced: false), [Finding.Severity.warning]),
            ("6.8.0", .pool(balanced: false), [.ok]), ("7.2.0", .pool(balanced: true), [.warning]),
            ("7.2.0", .open, [.warning]),
        ])
    func isolatedStatistics(release: String, placement: Placement, expected: [Finding.Severity]) throws {
        let files: KeyValuePairs = ["proc/sys/vm/stat_interval": "1", "proc/sys/kernel/osrelease": release]
        let machine = try shieldedMachine(placement: placement, files: files)
        #expect(try severities(of: .statistics, on: machine) == expected)
    }

    @Test(
        "huge pages that nobody asked for are noted",
        arguments: [
            ("[always] madvise never", [Finding.Severity.note]), ("always [madvise] never", [.ok]), ("garbage", []),
        ])
    func transparent(value: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: .transparentPages, on: quietMachine(files: [enabled: value])) == expected)
    }

    @Test("pages that are merged are noted", arguments: [("1", [Finding.Severity.note]), ("0", [.ok]), ("2", [.ok])])
    func merged(value: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: .equalPages, on: quietMachine(files: ["sys/kernel/mm/ksm/run": value])) == expected)
    }

    @Test("what a machine does not have is not told of")
    func missing() throws {
        for rule in [Rule.statistics, .transparentPages, .equalPages, .nodeBalancing, .swap, .reservedPages] {
            #expect(try severities(of: rule, on: quietMachine()) == [])
        }
    }

    private func machineOfTwoNodes(_ arguments: String = "nohz_full=2-5", pages: [Int] = []) -> MachineText {
        var machine = quietMachine(arguments, files: ["proc/sys/kernel/numa_balancing": "1"])
        for (node, cpus) in ["0-3", "4-7"].enumerated() {
            machine.file("sys/devices/system/node/node\(node)/cpulist", cpus + "\n")
        }
        for (node, count) in pages.enumerated() {
            machine.file("sys/devices/system/node/node\(node)/hugepages/hugepages-1048576kB/nr_hugepages", "\(count)\n")
        }
        machine.file("sys/devices/system/node/has_memory", "0-1\n")
        machine.file("sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "\(pages.reduce(0, +))\n")
        return machine
    }

    @Test("balancing between NUMA nodes is noted where there are several")
    func balancing() throws {
        #expect(try severities(of: .nodeBalancing, on: machineOfTwoNodes()) == [.note])
        let single = quietMachine(files: ["proc/sys/kernel/numa_balancing": "1"])
        #expect(try severities(of: .nodeBalancing, on: single) == [])
    }

    @Test("swap is noted, and none is fine")
    func swap() throws {
        let head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority"
        let machine = quietMachine(
            files: ["proc/swaps": head + "\n/dev/dm-1 partition 999 0 -2", "proc/sys/vm/swappiness": "60"])
        #expect(try remarks(of: .swap, on: machine).map(\.what) == ["memory may go to /dev/dm-1 with vm.swappiness 60"])
        #expect(try severities(of: .swap, on: quietMachine(files: ["proc/swaps": head])) == [.ok])
    }

    @Test(
        "huge pages that are missing are warned of, and those on the wrong node too",
        arguments: [
            ([8, 8], [Finding.Severity.ok]), ([8, 4], [.warning]), ([16, 0], [.warning]),
        ])
    func reserved(pages: [Int], expected: [Finding.Severity]) throws {
        let machine = machineOfTwoNodes(
            "nohz_full=4-5 default_hugepagesz=1G hugepagesz=1G hugepages=16", pages: pages)
        #expect(try severities(of: .reservedPages, on: machine) == expected)
    }

    @Test(
        "sizes and counts of the command line are understood",
        arguments: [
            ("hugepages=512", [[2048, 512]]), ("default_hugepagesz=1G hugepages=4", [[1 << 20, 4]]),
            ("hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=512", [[1 << 20, 4], [2048, 512]]),
            ("hugepagesz=1G hugepages=0:2,1:4", [[1 << 20, 6]]), ("hugepagesz=x hugepages=2", []),
            ("hugepages=-1", []), ("hugepages=99999999999999999999", []), ("hugepagesz=1G", []),
        ])
    func sizes(line: String, expected: [[Int]]) throws {
        let directory = try RecordedMachine(files: quietMachine(line).files)
        let evidence = Evidence(
            try ShieldOperations(DirectoryMachine(directory.path)), files: HostFiles(root: directory.path))
        #expect(HugePageSize.all(on: evidence).map { [$0.size, $0.asked] } == expected)
    }
}
