// SPDX-License-Identifier: Apache-2.0

package import MachineKit
package import ShieldKit

/// One kind of thing that a container may be granted: a row of the table in `FeatureTable.swift`.
package struct Feature: Sendable {
    /// Its name in `exclusive` and `strict` of the configuration, in the ledger and in messages.
    package let rawValue: String
    /// The annotation that asks for it; nil where none does, or several.
    package let annotation: AnnotationKey?
    /// What the annotation may say.
    package let syntax: FeatureSyntax
    /// Whether the configuration may ask for it on behalf of every container with CPUs of its own.
    package let isConfigurable: Bool
    /// Whether a container does not start without it unless the configuration says otherwise.
    ///
    /// Who asks for real time or isolation relies on it; the rest is worth a line in the log.
    package let isStrict: Bool
    /// Whether it is written into the container's own cgroup, so that there is nothing to write where it has none.
    package let needsCgroup: Bool
    /// The file of each of its CPUs that holds the value; nil where something else is written.
    package let cpuFile: CPUFile?
    private let explained: String
    private let listed: String

    init(
        _ name: String, _ annotation: AnnotationKey? = nil, accepts syntax: FeatureSyntax = .words([:]),
        isConfigurable: Bool = false, isStrict: Bool = false, needsCgroup: Bool = false, cpuFile: CPUFile? = nil,
        explained: String = "", listed: String = ""
    ) {
        rawValue = name
        self.annotation = annotation
        self.syntax = syntax
        self.isConfigurable = isConfigurable
        self.isStrict = isStrict
        self.needsCgroup = needsCgroup
        self.cpuFile = cpuFile
        self.explained = explained
        self.listed = listed
    }

    /// What asks for it: the key of its annotation, or its own name where no single one does.
    package var key: String { annotation?.key ?? rawValue }

    /// Those without which a container does not start, unless the configuration says otherwise.
    package static let strict = Set(allCases.filter(\.isStrict))

    /// The feature that is written into a file of a CPU, and which CPU's it is; nil for any other file.
    package static func ofCPUFile(_ file: ControlFile) -> (feature: Feature, cpu: Int)? {
        guard case .number(let cpu) = file.subject else { return nil }
        return allCases.first { $0.cpuFile?.kind == file.kind }.map { ($0, cpu) }
    }
}

extension Feature: RawRepresentable, Hashable, Codable, CodingKeyRepresentable {
    /// Finds a row by its name.
    package init?(rawValue: String) {
        guard let feature = Feature.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = feature
    }

    package static func == (one: Feature, other: Feature) -> Bool { one.rawValue == other.rawValue }

    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// A file of which each CPU has one.
package struct CPUFile: Hashable, Sendable {
    /// What kind of file it is.
    fileprivate let kind: ControlFile.Kind
    /// The source of noise for whose sake a shield writes it too; nil when no shield does.
    package let noise: NoiseSource?

    init(_ kind: ControlFile.Kind, alsoOf noise: NoiseSource? = nil) {
        self.kind = kind
        self.noise = noise
    }

    /// The file of one CPU.
    package func callAsFunction(_ cpu: Int) -> ControlFile { ControlFile(kind, .number(cpu)) }
}

// MARK: - What is asked and granted

/// What a container asks of a feature.
package enum FeatureRequest: Hashable, Sendable {
    /// Everything as on any other CPU, whatever the configuration asks for on behalf of all.
    case enable
    /// What disturbs it is to be disabled.
    case disable
    /// The same, but for the first of its CPUs and the hardware threads of that core.
    case housekeeping
    /// Its CPUs are to hold this value.
    case value(String)
}

/// What a container was granted of a feature.
package enum FeatureGrant: Hashable, Sendable {
    /// What disturbs it is disabled.
    case disabled
    /// The same, on some of its CPUs.
    case disabledOn(CPUSet)
    /// Its CPUs hold this value.
    case value(String)
}

extension Feature {
    /// What is asked for, as words that follow "would be granted:"; parts of it may come from the container.
    func text(_ request: FeatureRequest) -> String {
        switch request {
        case .enable: ""
        case .disable: explained
        case .housekeeping: explained + " but the first core"
        case .value(let value): Self.filled(explained, value)
        }
    }

    /// What was granted, in a few words.
    package func text(_ grant: FeatureGrant) -> String {
        switch grant {
        case .disabled: listed
        case .disabledOn(let cpus): "\(listed) on \(cpus)"
        case .value(let value): Self.filled(listed, value)
        }
    }

    private static func filled(_ text: String, _ value: String) -> String {
        text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: value)
    }
}
