// SPDX-License-Identifier: Apache-2.0

extension CPUSet {
    /// Reads a CPU list of the kernel's command line, whose grammar is wider than what cpusets print.
    ///
    /// `N` stands for the last possible CPU, `all` for every CPU, and `0-15:1/2` for the first CPU of every two.
    /// Spaces and commas may repeat. CPUs that are not possible are left out: kernels differ in whether such a number
    /// voids the whole list, and to take a CPU for isolated is the side that is safe.
    ///
    /// The grammar is in the kernel's documentation, admin-guide/kernel-parameters; the C name is `cpulist_parse`.
    package init?(bootList text: some StringProtocol, possible: CPUSet) {
        let limit = possible.last ?? 0
        self.init()
        for item in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }) {
            guard let region = BootRegion(item, last: limit) else { return nil }
            var start = region.first
            while start <= Swift.min(region.last, limit), region.used > 0 {
                insert(contentsOf: start...Swift.min(start + region.used - 1, region.last, limit))
                start += region.group
            }
        }
        self = intersection(possible)
    }
}

/// One item `first-last:used/group`: of each `group` CPUs from `first` on, the first `used`.
private struct BootRegion {
    var first: Int
    var last: Int
    var used: Int
    var group: Int

    init?(_ item: some Collection<UInt8>, last end: Int) {
        let halves = item.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        let ends = halves[0].split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        let isAll = halves[0].map { $0 | 0x20 }.elementsEqual("all".utf8)
        guard let first = isAll ? 0 : Self.number(ends[0], last: end),
            let last = isAll ? end : Self.number(ends[ends.count - 1], last: end), first <= last
        else { return nil }
        (self.first, self.last) = (first, last)
        (used, group) = (last - first + 1, last - first + 1)
        guard halves.count == 2 else { return }

        let pattern = halves[1].split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard isAll || ends.count == 2, pattern.count == 2,
            let used = Self.number(pattern[0], last: end), let group = Self.number(pattern[1], last: end),
            group > 0, used <= group
        else { return nil }
        (self.used, self.group) = (used, group)
    }

    /// Reads a number; the kernel's are 32 bits wide.
    private static func number(_ text: some Collection<UInt8>, last: Int) -> Int? {
        text.elementsEqual("N".utf8) ? last : UInt32(decimalDigits: text).map(Int.init)
    }
}
