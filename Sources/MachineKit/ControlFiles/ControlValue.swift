// SPDX-License-Identifier: Apache-2.0

/// What a control file holds, or is to hold.
package enum ControlValue: Sendable, CustomStringConvertible {
    /// CPUs or NUMA nodes; of a mask also its text, so that what is put back is what was there to the letter.
    case cpus(CPUSet, mask: String? = nil)
    /// Whether a cgroup hands the cpuset controller to its children.
    case controller(Bool)
    /// A number or a word, and what a file of CPUs holds that names none.
    case word(String)

    /// The CPUs that the value names; nil where it names none.
    package var cpus: CPUSet? { if case .cpus(let cpus, _) = self { cpus } else { nil } }

    /// The number that the value is; nil where it is none.
    package var number: Int? { if case .word(let word) = self { Int(word) } else { nil } }

    /// The value as a person writes it, CPUs as a list.
    package var description: String {
        switch self {
        case .cpus(let cpus, _): cpus.description
        case .controller(let isOn): isOn ? "+cpuset" : "-cpuset"
        case .word(let word): word
        }
    }
}

extension ControlValue: Hashable {
    /// CPUs are the same however their mask is written.
    package static func == (left: ControlValue, right: ControlValue) -> Bool {
        switch (left, right) {
        case (.cpus(let left, _), .cpus(let right, _)): left == right
        case (.controller(let left), .controller(let right)): left == right
        case (.word(let left), .word(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .cpus(let cpus, _): hasher.combine(cpus)
        case .controller(let isOn): hasher.combine(isOn)
        case .word(let word): hasher.combine(word)
        }
    }
}

extension ControlValue: ExpressibleByStringLiteral {
    package init(stringLiteral word: String) { self = .word(word) }
}

/// How a control file writes its value down, and how it is read: values that are equal leave the same in the file.
package enum ValueFormat: Hashable, Sendable {
    /// A CPU list such as `2-5,8`; the kernel prints it canonically, whatever was written.
    case list
    /// A CPU mask such as `ff,ffffffff`; such files take no list.
    case mask
    /// All words that the file takes, with the current one in brackets: `[always] madvise never`.
    case choice
    /// A number or a word.
    case word
    /// `cgroup.subtree_control`, which takes `+cpuset` and lists `cpuset` among others.
    case controller
    /// `cpuset.cpus.partition`: one that turned invalid is still the partition that was asked for.
    case partition

    /// What the file that reads as `text` holds; nil where that is no value of this format.
    package func value(in text: some StringProtocol) -> ControlValue? {
        let text = String(text.trimmingASCIISpace())
        switch self {
        case .list: return CPUSet(kernelList: text).map { .cpus($0) } ?? .word(text)
        case .mask: return CPUSet(mask: text).map { .cpus($0, mask: text) } ?? .word(text)
        case .choice: return .word(Self.chosen(in: text))
        case .word: return .word(text)
        case .controller:
            return .controller(text.split(separator: " ").contains { $0 == "cpuset" || $0 == "+cpuset" })
        case .partition:
            let kind = text.split(separator: " ").first.map(String.init) ?? ""
            return ["member", "root", "isolated"].contains(kind) ? .word(kind) : nil
        }
    }

    /// What is written for the file to hold a value.
    package func text(_ value: ControlValue) -> String {
        if self == .mask, case .cpus(let cpus, let mask) = value { return mask ?? cpus.mask }
        return value.description
    }

    private static func chosen(in text: String) -> String {
        guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else { return text }
        return String(text[text.index(after: open)..<close])
    }
}
