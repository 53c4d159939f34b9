// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// What a kernel was built with, as distributions put it beside the kernel.
struct KernelConfiguration: Sendable {
    /// The options that rules ask for; there are ten thousand others.
    enum Option: String, CaseIterable {
        /// Groups of the cpu controller have budgets of real time.
        case realtimeGroups = "RT_GROUP_SCHED"
        /// The same, unless it is asked for at boot.
        case realtimeGroupsOff = "RT_GROUP_SCHED_DEFAULT_DISABLED"
    }

    /// Those that are `y`.
    private let enabled: Set<Option>

    /// Reads it for a release; nil when it is nowhere.
    init?(of release: String, _ files: HostFiles) {
        let places = [
            "/boot/config-\(release)", "/lib/modules/\(release)/config", "/usr/lib/modules/\(release)/config",
        ]
        // A release is part of a path here.
        guard !release.contains("/"),
            let bytes = places.lazy.compactMap({ try? files.bytes(of: $0) }).first
        else { return nil }
        let lines = Set(bytes.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: Self.prefix) })
        enabled = Set(Option.allCases.filter { lines.contains(Array("CONFIG_\($0.rawValue)=y".utf8)[...]) })
    }

    private static let prefix = Array("CONFIG_RT_GROUP".utf8)

    /// Whether an option is built in.
    func has(_ option: Option) -> Bool { enabled.contains(option) }
}
