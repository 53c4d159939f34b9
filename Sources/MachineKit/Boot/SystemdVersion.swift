// SPDX-License-Identifier: Apache-2.0

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
