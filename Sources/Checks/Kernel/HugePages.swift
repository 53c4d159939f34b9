// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
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
