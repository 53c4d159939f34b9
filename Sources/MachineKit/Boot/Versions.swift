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

/// The release number of the systemd that runs, such as 257.
package enum SystemdVersion {
    /// From here on a unit file can make a partition (`CPUSetPartition=`).
    package static let partitions = 261

    /// From here on `systemd-run` may be told to leave `$` in a command alone (`--expand-environment=`).
    package static let expansion = 254

    /// Asks the manager itself: after an upgrade it may be older than its programs, and it is what reads the unit files.
    ///
    /// - Returns: nil when it does not answer, as in a recording.
    package static func running(on machine: any Machine) -> Int? {
        guard let answer = try? machine.run(["systemctl", "show", "--property=Version", "--value"]), answer.status == 0
        else { return nil }
        return parse(answer.output)
    }

    /// Asks `systemd-run`, whose options are meant, for its own release.
    ///
    /// - Returns: nil when it does not answer.
    package static func ofPrograms(on machine: any Machine) -> Int? {
        guard let answer = try? machine.run(["systemd-run", "--version"]), answer.status == 0 else { return nil }
        // The first line is `systemd 257 (257.13-1~deb13u1)`.
        return answer.output.split(separator: " ").dropFirst().first.flatMap { parse(String($0)) }
    }

    /// Reads `257.13-1~deb13u1` or, as distributions of old wrote it, `v261`.
    static func parse(_ text: String) -> Int? {
        Int(text.trimmingASCIISpace().drop { $0 == "v" }.prefix { $0.isASCII && $0.isNumber })
    }
}
