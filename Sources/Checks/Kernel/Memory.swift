// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let statistics = Rule(
        "vmstat", .kernel,
        title: "Memory statistics are updated rarely",
        why:
            "Each CPU that changed memory counters adds them to the global ones every vm.stat_interval seconds, in work "
            + "that is bound to it.",
        reference: KernelPage.memorySettings
    ) { evidence in
        guard evidence.quiet != nil, let seconds = evidence.number(.proc, "sys/vm/stat_interval") else { return [] }
        if seconds >= 10 { return [.ok("vm.stat_interval is \(seconds)")] }
        if evidence.shield?.leftToKernel(on: evidence.host).contains(.vmstat) == true {
            return [.ok("the kernel does not ask isolated CPUs for statistics")]
        }
        return [evidence.disturbance(.vmstat, "vm.stat_interval is \(seconds)", wanted: "10 or more")]
    }

    static let transparentPages = Rule(
        "huge-pages", .kernel,
        title: "The kernel does not make huge pages in the background",
        why:
            "Making one copies memory and flushes address translations on every CPU that the program runs on; with "
            + "madvise only programs that request huge pages get them.",
        reference: KernelPage.transparentPages
    ) { evidence in
        guard evidence.quiet != nil,
            let value = evidence.machine.value(of: ControlFile(.hugePages))?.description,
            ["always", "madvise", "never"].contains(value)
        else { return [] }
        if value != "always" { return [.ok("transparent huge pages: \(value)")] }
        return [
            evidence.disturbance(.hugePages, "transparent huge pages are set to 'always'", wanted: "madvise or never")
        ]
    }

    static let equalPages = Rule(
        "ksm", .kernel,
        title: "Identical pages are not merged",
        why: "ksmd compares pages all the time, and a program that writes to a merged page waits for a copy.",
        reference: KernelPage.equalPages
    ) { evidence in
        guard evidence.quiet != nil, let value = evidence.value(.sys, "kernel/mm/ksm/run") else { return [] }
        if value != "1" { return [.ok("ksmd does not look for identical pages")] }
        return [evidence.disturbance(.ksm, "ksmd merges identical pages", wanted: "0 in /sys/kernel/mm/ksm/run")]
    }

    static let nodeBalancing = Rule(
        "numa-balancing", .kernel,
        title: "The kernel does not unmap pages to see which NUMA node uses them",
        why:
            "To learn which NUMA node uses a page, the kernel unmaps the page and waits for the fault. If programs use "
            + "the memory of their own CPUs, there is nothing to gain.",
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
        why: "Reading a page back from swap takes milliseconds, during which the program that touched it waits.",
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
        title: "The huge pages that were requested at boot exist, on the NUMA nodes of the quiet CPUs",
        why:
            "The kernel reserves as many as it can and continues without the rest. It spreads them over all NUMA nodes; "
            + "a program whose NUMA node has none gets remote memory, or none.",
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
                    "\(pages.asked) pages of \(pages.title) were requested at boot, but there are \(there)",
                    wanted: "\(pages.asked)",
                    fix: "request fewer, or free memory and write \(pages.asked) to /sys/kernel/mm/\(pages.file)")
            ]
        }
        let bare = host.topology.memoryNodes(of: quiet).filter {
            number(.sys, "devices/system/node/node\($0)/" + pages.file) == 0
        }
        guard !bare.isEmpty else { return [.ok("\(there) pages of \(pages.title) are reserved")] }
        let nodes = MemoryNodes(bare)
        return [
            .warning(
                "no page of \(pages.title) is on NUMA node \(nodes), where quiet CPUs are", wanted: "some pages there",
                fix: "hugepages=NODE:COUNT at boot, or write to /sys/devices/system/node/node\(bare[0])/\(pages.file)")
        ]
    }
}
