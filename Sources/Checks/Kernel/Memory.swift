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
            let value = evidence.value(.sys, "kernel/mm/transparent_hugepage/enabled").map({
                ValueFormat.choice.value(in: $0)
            }),
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

    static let reservedPages = Rule(
        "hugepages", .kernel,
        title: "The huge pages that were asked for at boot are there, and where the quiet CPUs are",
        why:
            "The kernel reserves as many as it finds and goes on without the rest. They are spread over all "
            + "NUMA nodes, and a program whose node has none gets remote memory, or none.",
        reference: KernelPage.hugePages
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        return HugePageSize.all(on: evidence).flatMap { size in evidence.remarks(on: size, quiet: quiet) }
    }
}

/// Huge pages of one size that were asked for at boot.
struct HugePageSize {
    /// In KiB, as the kernel names directories.
    let size: Int
    /// How many were asked for, on all nodes.
    let asked: Int

    /// Those of `hugepagesz=1G hugepages=32`, and of a number without a size before it.
    static func all(on evidence: Evidence) -> [HugePageSize] {
        let boot = evidence.host.boot
        let sizes = boot.values(of: "hugepagesz")
        let counts = boot.values(of: "hugepages").map(count)
        let standard = kibibytes(boot.value(of: "default_hugepagesz") ?? "2M")
        // The number without a size is the first one, and of the default size.
        let bare = counts.count > sizes.count ? 1 : 0
        let all = [standard].prefix(bare) + sizes.map(kibibytes)
        return zip(all, counts).compactMap { size, count in
            guard let size, let count, count > 0 else { return nil }
            return HugePageSize(size: size, asked: count)
        }
    }

    /// Reads `32`, or `0:16,1:16` with a number for each node.
    private static func count(_ text: String) -> Int? {
        let parts = text.split(separator: ",").map { Int($0.drop { $0 != ":" }.dropFirst()) ?? Int($0) }
        return parts.reduce(0) { sum, part in
            guard let sum, let part, (0...1 << 40).contains(part) else { return nil }
            return sum + part
        }
    }

    private static func kibibytes(_ text: String) -> Int? {
        guard let number = Int(text.dropLast()), (1...1 << 20).contains(number) else { return nil }
        switch text.last {
        case "K", "k": return number
        case "M", "m": return number << 10
        case "G", "g": return number << 20
        default: return nil
        }
    }

    /// The file that says how many there are, below `/sys/kernel/mm` or a NUMA node.
    fileprivate var file: String { "hugepages/hugepages-\(size)kB/nr_hugepages" }

    fileprivate var title: String {
        size >= 1 << 20 ? "\(size >> 20) GiB" : size >= 1 << 10 ? "\(size >> 10) MiB" : "\(size) KiB"
    }
}

extension Evidence {
    fileprivate func remarks(on pages: HugePageSize, quiet: CPUSet) -> [RuleResult] {
        guard let there = number(.sys, "kernel/mm/" + pages.file) else { return [] }
        guard there >= pages.asked else {
            return [
                .warning(
                    "\(pages.asked) pages of \(pages.title) were asked for at boot, and there are \(there)",
                    wanted: "\(pages.asked)",
                    fix: "ask for fewer, or free memory and write \(pages.asked) to /sys/kernel/mm/\(pages.file)")
            ]
        }
        let bare = host.topology.memoryNodes(of: quiet).filter {
            number(.sys, "devices/system/node/node\($0)/" + pages.file) == 0
        }
        guard !bare.isEmpty else { return [.ok("\(there) pages of \(pages.title) are reserved")] }
        let nodes = MemoryNodes(bare)
        return [
            .warning(
                "no page of \(pages.title) is on NUMA node \(nodes), where quiet CPUs are", wanted: "some there",
                fix: "hugepages=NODE:COUNT at boot, or write to /sys/devices/system/node/node\(bare[0])/\(pages.file)")
        ]
    }
}
