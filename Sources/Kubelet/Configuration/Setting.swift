// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// A value that kubelet goes by, and who says so.
package struct Setting<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The value.
    package var value: Value
    /// Who says so.
    package var origin: Origin

    /// Makes a setting.
    package init(_ value: Value, from origin: Origin) {
        self.value = value
        self.origin = origin
    }

    /// Makes a setting of what kubelet does unless it is told otherwise.
    init(default value: Value) { self.init(value, from: .builtIn) }
}

/// Who gave a setting its value.
package enum Origin: Hashable, Sendable {
    /// Nobody: it is kubelet's default.
    case builtIn
    /// A line of a file, from 1.
    case file(String, line: Int)
    /// An argument of kubelet, with its hyphens.
    case flag(String)
}

extension Origin: CustomStringConvertible {
    /// Such as `/var/lib/kubelet/config.yaml:12`, `--reserved-cpus` or `kubelet's default`.
    package var description: String {
        switch self {
        case .builtIn: "kubelet's default"
        case .file(let path, let line): "\(path):\(line)"
        case .flag(let name): name
        }
    }
}
