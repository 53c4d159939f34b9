// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// What a unit file or drop-in of rtshield says; it becomes text when it is installed.
package enum UnitContent: Hashable, Sendable {
    case limits(UnitSettings)
    /// Variables by which an irqbalance that is started again leaves CPUs alone.
    case irqbalanceEnvironment(CPUSet)
    /// The drop-in that has irqbalance read them.
    case irqbalanceDropIn
    /// What a journal of format 1 has, and is none of these.
    case other(String)

    package var settings: UnitSettings? { if case .limits(let settings) = self { settings } else { nil } }

    /// The CPUs that the file gives to units; nil when it gives none.
    package var cpus: CPUSet? { settings?.cpus }

    /// The text of the file.
    package var text: String {
        switch self {
        case .limits(let settings): settings.text
        case .irqbalanceEnvironment(let cpus): Irqbalance.environment(banning: cpus)
        case .irqbalanceDropIn: Irqbalance.dropIn
        case .other(let text): text
        }
    }
}

/// The CPUs, NUMA nodes and partition that a unit file gives.
package struct UnitSettings: Hashable, Sendable, Codable {
    /// The section of the file that has them, by the type of the unit.
    package enum Section: String, Hashable, Sendable, Codable {
        case service = "Service"
        case scope = "Scope"
        case slice = "Slice"
    }

    package var section: Section
    package var cpus: CPUSet
    /// nil for all there are.
    package var mems: MemoryNodes?
    /// The partition that systemd makes of the unit's cgroup (`CPUSetPartition=`, systemd 261); nil for none.
    package var partition: PartitionState.Kind?
    /// Whether the list replaces that of other drop-ins; systemd would merge the two.
    package var replacesOthers = false
    /// What the unit is called, where the file is a whole unit.
    package var title: String?

    package init(_ section: Section, cpus: CPUSet, mems: MemoryNodes? = nil) {
        self.section = section
        self.cpus = cpus
        self.mems = mems
    }

    /// The lines of the section.
    package var lines: [String] {
        var lines = replacesOthers ? ["AllowedCPUs="] : []
        lines.append("AllowedCPUs=\(cpus)")
        if let mems { lines.append("AllowedMemoryNodes=\(mems)") }
        if let partition { lines.append("CPUSetPartition=\(partition.rawValue)") }
        return lines
    }

    package var text: String {
        let head = "# Written by rtshield; 'rtshield destroy' removes it.\n"
        let unit = title.map { "[Unit]\nDescription=\($0)\n\n" } ?? ""
        return head + unit + "[\(section.rawValue)]\n" + lines.map { $0 + "\n" }.joined()
    }
}

extension UnitContent: Codable {
    private enum CodingKeys: String, CodingKey { case limits, irqbalanceEnvironment, irqbalanceDropIn, other }

    /// Reads the content, or the text that a journal of format 1 has.
    package init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.init(formatOne: text)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let settings = try container.decodeIfPresent(UnitSettings.self, forKey: .limits) {
            self = .limits(settings)
        } else if let cpus = try container.decodeIfPresent(CPUSet.self, forKey: .irqbalanceEnvironment) {
            self = .irqbalanceEnvironment(cpus)
        } else if container.contains(.irqbalanceDropIn) {
            self = .irqbalanceDropIn
        } else {
            self = .other(try container.decode(String.self, forKey: .other))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .limits(let settings): try container.encode(settings, forKey: .limits)
        case .irqbalanceEnvironment(let cpus): try container.encode(cpus, forKey: .irqbalanceEnvironment)
        case .irqbalanceDropIn: try container.encode(true, forKey: .irqbalanceDropIn)
        case .other(let text): try container.encode(text, forKey: .other)
        }
    }

    /// Reads what rtshield wrote to a unit file before the journal knew it as a value.
    init(formatOne text: String) {
        var values: [Substring: Substring] = [:]
        var names: [Substring] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[parts[0]] = parts[1] }
            if line.hasPrefix("["), line != "[Unit]" { names.append(line.dropFirst().dropLast()) }
        }
        var content = UnitContent.other(text)
        if let section = names.first.flatMap({ UnitSettings.Section(rawValue: String($0)) }),
            let cpus = values["AllowedCPUs"].flatMap({ CPUSet(kernelList: $0) })
        {
            var settings = UnitSettings(section, cpus: cpus)
            settings.mems = values["AllowedMemoryNodes"].flatMap { CPUSet(kernelList: $0) }
            settings.partition = values["CPUSetPartition"].flatMap { PartitionState.Kind(rawValue: String($0)) }
            settings.replacesOthers = text.contains("\nAllowedCPUs=\n")
            settings.title = values["Description"].map(String.init)
            content = .limits(settings)
        } else if let cpus = values["IRQBALANCE_BANNED_CPULIST"].flatMap({ CPUSet(kernelList: $0) }) {
            content = .irqbalanceEnvironment(cpus)
        } else if text == Irqbalance.dropIn {
            content = .irqbalanceDropIn
        }
        self = content.text == text ? content : .other(text)
    }
}
