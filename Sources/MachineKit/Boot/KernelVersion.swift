// SPDX-License-Identifier: Apache-2.0

/// The first two numbers of a kernel release: what the rules of cpusets depend on.
package struct KernelVersion: Hashable, Sendable {
    /// The first number, 6 of `6.12.107`.
    package var major: Int
    /// The second number, 12 of `6.12.107`.
    package var minor: Int

    /// Creates the version `major.minor`.
    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads a release such as `6.12.107+deb12-amd64`, as `/proc/sys/kernel/osrelease` and `uname -r` print it.
    package init?(release: some StringProtocol) {
        let parts = release.trimmingASCIISpace().utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let major = Int(decimalDigits: parts[0]),
            let minor = Int(decimalDigits: parts[1].prefix { Int(decimalDigit: $0) != nil })
        else { return nil }
        self.init(major, minor)
    }

    /// Whether a kernel is built for real time, from the text of `/proc/sys/kernel/version` or `uname -v`.
    ///
    /// Kernels print `PREEMPT_RT`; older ones with the real-time patches printed `PREEMPT RT`.
    package static func isRealtime(version: some StringProtocol) -> Bool {
        let words = version.split(whereSeparator: \.isWhitespace)
        return words.contains("PREEMPT_RT") || zip(words, words.dropFirst()).contains { $0 == "PREEMPT" && $1 == "RT" }
    }
}

extension KernelVersion: Comparable, CustomStringConvertible {
    package static func < (one: KernelVersion, other: KernelVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    package var description: String { "\(major).\(minor)" }
}
