// SPDX-License-Identifier: Apache-2.0

/// The release number of the systemd that runs, such as 257.
package enum SystemdVersion {
    /// From here on a unit file can make a partition (`CPUSetPartition=`).
    package static let partitions = 261

    /// Asks the manager itself: after an upgrade it may be older than its programs, and it is what reads the unit files.
    ///
    /// - Returns: nil when it does not answer, as in a recording.
    package static func running(on machine: any Machine) -> Int? {
        guard let answer = try? machine.run(["systemctl", "show", "--property=Version", "--value"]), answer.status == 0
        else { return nil }
        return parse(answer.output)
    }

    /// Reads `257.13-1~deb13u1` or, as distributions of old wrote it, `v261`.
    static func parse(_ text: String) -> Int? {
        Int(text.trimmingASCIISpace().drop { $0 == "v" }.prefix { $0.isASCII && $0.isNumber })
    }
}
