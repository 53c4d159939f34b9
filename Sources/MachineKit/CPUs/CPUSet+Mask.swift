// SPDX-License-Identifier: Apache-2.0

// A CPU mask is the text of `/proc/irq/N/smp_affinity`, of the work queues' `cpumask` and of `rps_cpus`: groups of up
// to eight hexadecimal digits joined by commas, the highest CPUs first. Some of these files take no CPU list.

extension CPUSet {
    /// Reads a CPU mask such as `ff,ffffffff`, with or without the line's end.
    ///
    /// The result is nil when the text is no mask, or has a CPU above ``highestNumber``.
    package init?(mask text: some StringProtocol) {
        let mask = String(text.trimmingASCIISpace())
        var words: [UInt64] = []
        var half = 0
        for group in mask.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).reversed() {
            guard let bits = Self.bits(ofGroup: group) else { return nil }
            if bits != 0 {
                guard half * 32 <= Self.highestNumber else { return nil }
                words.append(contentsOf: repeatElement(0, count: Swift.max(0, half / 2 + 1 - words.count)))
                words[half / 2] |= UInt64(bits) << (half % 2 == 0 ? 0 : 32)
            }
            half += 1
        }
        self.init(words: words)
    }

    /// The CPU mask, such as `0000013c`: eight digits a group, as few groups as the highest CPU needs.
    ///
    /// The kernel refuses a mask that is wider than its own (`EOVERFLOW`), so nothing is padded.
    package var mask: String {
        var groups = words.reversed().flatMap { [UInt32($0 >> 32), UInt32(truncatingIfNeeded: $0)] }[...]
        if groups.first == 0 { groups.removeFirst() }
        return groups.isEmpty ? "00000000" : groups.map(Self.digits(ofGroup:)).joined(separator: ",")
    }

    private static func bits(ofGroup group: Substring.UTF8View) -> UInt32? {
        guard (1...8).contains(group.count) else { return nil }
        var bits: UInt32 = 0
        for byte in group {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            bits = bits << 4 | UInt32(digit)
        }
        return bits
    }

    private static func digits(ofGroup bits: UInt32) -> String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
