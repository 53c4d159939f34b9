// SPDX-License-Identifier: Apache-2.0

import CHookFilter
import HookFilter

/// The most bytes of a file that are looked at.
private let largestFile = 1 << 20

/// Looks at a place of this machine.
func look(_ place: ProbePath) -> FileProbe {
    switch place {
    case .ledger: read(Array("/run/rtshield/ledger\0".utf8))
    case .journal: unsafe chookfilter_exists(Array("/run/rtshield/journal\0".utf8)) == 0 ? .nothing : .unclear
    case .settings: read(Array("/etc/rtshield/config.yaml\0".utf8), following: true)
    case .configuration(let bundle): read(bundle + "/config.json\0".utf8)
    }
}

/// Reads a file; only what an administrator made may be a link.
private func read(_ path: [UInt8], following: Bool = false) -> FileProbe {
    let file = unsafe chookfilter_open(path, following ? 1 : 0)
    guard file >= 0 else { return file == CHOOKFILTER_NO_FILE ? .nothing : .unclear }
    defer { chookfilter_close(file) }
    let (bytes, isWhole) = bytesOf(file: file, limit: largestFile)
    return isWhole && bytes.count <= largestFile ? .text(JSONScan(bytes)) : .unclear
}
