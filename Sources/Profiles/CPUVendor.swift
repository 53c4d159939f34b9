// SPDX-License-Identifier: Apache-2.0

/// Who made the CPUs of a machine, as far as kernel arguments differ.
package enum CPUVendor: String, CaseIterable, Hashable, Sendable {
    case intel
    case amd
    /// Anybody else, and every architecture but x86.
    case other

    /// Finds the vendor in the text of `/proc/cpuinfo`; the first CPU speaks for all.
    package init(cpuinfo: some StringProtocol) {
        let line = cpuinfo.split(separator: "\n").first { $0.hasPrefix("vendor_id") }
        switch line?.split(whereSeparator: { $0 == ":" || $0.isWhitespace }).last {
        case "GenuineIntel": self = .intel
        case "AuthenticAMD": self = .amd
        default: self = .other
        }
    }
}
