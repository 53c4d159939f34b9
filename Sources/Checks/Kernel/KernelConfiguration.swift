// SPDX-License-Identifier: Apache-2.0

import CgroupKit

/// What a kernel was built with, as distributions put it beside the kernel.
struct KernelConfiguration {
    /// The options that are `y`, without `CONFIG_`.
    private let enabled: Set<Substring>

    /// Reads it for the kernel that runs; nil when it is nowhere.
    ///
    /// - Parameters:
    ///   - evidence: The machine.
    ///   - options: The options to look for, without `CONFIG_`: there are ten thousand others.
    init?(on evidence: Evidence, lookingFor options: Set<Substring>) {
        let release = evidence.host.release
        let places = [
            "/boot/config-\(release)", "/lib/modules/\(release)/config", "/usr/lib/modules/\(release)/config",
        ]
        // A release is part of a path here.
        guard !release.contains("/"),
            let bytes = places.lazy.compactMap({ try? evidence.files.bytes(of: $0) }).first
        else { return nil }
        var enabled: Set<Substring> = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: Self.prefix) {
            guard line.last == UInt8(ascii: "y") else { continue }
            let name = Substring(decoding: line.dropFirst(Self.prefix.count).dropLast(2), as: UTF8.self)
            if options.contains(name) { enabled.insert(name) }
        }
        self.enabled = enabled
    }

    private static let prefix = Array("CONFIG_".utf8)

    /// Whether an option that was looked for is built in.
    func has(_ option: Substring) -> Bool { enabled.contains(option) }
}
