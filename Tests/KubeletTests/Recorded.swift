// SPDX-License-Identifier: Apache-2.0

import Kubelet
import Linux

/// The hosts on which files of a real kubelet were recorded.
let recordedHosts = ["v1-cgroupfs", "v2-systemd"]

/// Reads a file that was recorded on a host.
func recorded(_ name: String, on host: String) throws -> [UInt8] {
    let tests = #filePath.dropLast("KubeletTests/Recorded.swift".count)
    return try FileDescriptor.openDirectory("\(tests)ContainersTests/Fixtures/\(host)")
        .open(beneath: name, for: .reading).readAll(limit: 1 << 20)
}
