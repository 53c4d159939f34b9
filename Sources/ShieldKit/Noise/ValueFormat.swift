// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// How a pseudo-file writes its value down.
package enum ValueFormat: Hashable, Sendable {
    /// A CPU list such as `2-5,8`.
    case list
    /// A CPU mask such as `ff,ffffffff`; such files take no list.
    case mask
    /// All words that the file takes, with the current one in brackets: `[always] madvise never`.
    case choice
    /// A number or a word.
    case word

    /// What the file that reads as `text` holds.
    package func value(in text: some StringProtocol) -> String {
        let text = String(text.trimmingASCIISpace())
        guard self == .choice, let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
            return text
        }
        return String(text[text.index(after: open)..<close])
    }

    /// The CPUs that a value names; nil where it names none.
    package func cpus(in value: String) -> CPUSet? {
        switch self {
        case .list: CPUSet(kernelList: value)
        case .mask: CPUSet(mask: value)
        case .choice, .word: nil
        }
    }

    /// The text by which a file of this form names CPUs.
    package func text(_ cpus: CPUSet) -> String { self == .mask ? cpus.mask : cpus.description }
}

extension KernelFile {
    /// The form of a file that tunes noise, by its name.
    package var form: ValueFormat {
        switch name {
        case "smp_affinity_list", "watchdog_cpumask": .list
        case "cpumask", "default_smp_affinity", "rps_cpus", "xps_cpus", "rps_default_mask": .mask
        case "enabled": .choice
        default: .word
        }
    }
}
