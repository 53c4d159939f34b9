// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let statistics = Rule(
        "vmstat", .kernel,
        title: "Statistics of memory are folded seldom",
        why:
            "Each CPU that changed memory counters adds them up every vm.stat_interval seconds, in work that "
            + "is bound to it.",
        reference: KernelPage.memorySettings
    ) { evidence in
        guard evidence.quiet != nil, let seconds = evidence.number(.proc, "sys/vm/stat_interval") else { return [] }
        if seconds >= 10 { return [.ok("vm.stat_interval is \(seconds)")] }
        if evidence.shield?.leftToKernel(on: evidence.host).contains(.vmstat) == true {
            return [.ok("the kernel asks isolated CPUs for no statistics")]
        }
        return [evidence.disturbance(.vmstat, "vm.stat_interval is \(seconds)", wanted: "10 or more")]
    }

    static let transparentPages = Rule(
        "huge-pages", .kernel,
        title: "Huge pages are not made behind a program's back",
        why:
            "Making one copies memory and makes every CPU the program runs on forget addresses; with madvise "
            + "only programs that ask get them.",
        reference: KernelPage.transparentPages
    ) { evidence in
        guard evidence.quiet != nil,
            let value = evidence.machine.value(of: ControlFile(.hugePages))?.description,
            ["always", "madvise", "never"].contains(value)
        else { return [] }
        if value != "always" { return [.ok("transparent huge pages: \(value)")] }
        return [evidence.disturbance(.hugePages, "transparent huge pages are made always", wanted: "madvise or never")]
    }

    static let equalPages = Rule(
        "ksm", .kernel,
        title: "Equal pages are not merged",
        why: "ksmd compares pages all the time, and whoever writes to one that was merged waits for a copy.",
        reference: KernelPage.equalPages
    ) { evidence in
        guard evidence.quiet != nil, let value = evidence.value(.sys, "kernel/mm/ksm/run") else { return [] }
        if value != "1" { return [.ok("equal pages are not looked for")] }
        return [evidence.disturbance(.ksm, "ksmd merges equal pages", wanted: "0 in /sys/kernel/mm/ksm/run")]
    }

    static let nodeBalancing = Rule(
        "numa-balancing", .kernel,
        title: "Pages are not unmapped to see who uses them",
        why:
            "To learn which NUMA node uses a page the kernel unmaps it and waits for the fault. Where "
            + "programs keep to the memory of their CPUs there is nothing to gain.",
        reference: KernelPage.kernelSettings
    ) { evidence in
        guard evidence.quiet != nil, evidence.host.topology.nodes.count > 1,
            let value = evidence.number(.proc, "sys/kernel/numa_balancing")
        else { return [] }
        if value == 0 { return [.ok("kernel.numa_balancing is 0")] }
        return [evidence.disturbance(.numaBalancing, "kernel.numa_balancing is \(value)", wanted: "0")]
    }

    static let swap = Rule(
        "swap", .kernel,
        title: "No memory is swapped out",
        why: "A page that was swapped out comes back in milliseconds, in the middle of whatever touched it.",
        reference: KernelPage.memorySettings
    ) { evidence in
        guard evidence.quiet != nil, let areas = evidence.value(.proc, "swaps") else { return [] }
        let used = areas.split(separator: "\n").dropFirst().compactMap {
            $0.split(whereSeparator: \.isWhitespace).first
        }
        if used.isEmpty { return [.ok("no swap")] }
        let swappiness = evidence.number(.proc, "sys/vm/swappiness").map { " with vm.swappiness \($0)" } ?? ""
        return [
            .note(
                "memory may go to \(used.joined(separator: ", "))\(swappiness)",
                wanted:
                    "no swap, or programs that lock their memory (mlockall(2)), or memory.swap.max 0 for their cgroup",
                fix: "swapoff -a, and no swap in /etc/fstab")
        ]
    }
}
