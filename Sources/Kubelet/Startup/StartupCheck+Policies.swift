// SPDX-License-Identifier: Apache-2.0

import MachineKit
internal import Text

/// What is wrong with a policy or with an option of one.
package enum PolicyProblem: Hashable, Sendable {
    /// The value of a key is none of those that kubelet knows.
    case unknown(key: String, KubeletSetting<String>, known: [String])
    /// Options are given without the static policy; their names.
    case optionsWithoutStatic([String], Origin)
    /// There is no such option.
    case unknownOption(String, Origin)
    /// An option is given a value that is neither true nor false.
    case notABoolean(option: String, KubeletSetting<String>)
    /// Two options exclude each other.
    case incompatible(PolicyOption, PolicyOption, Origin)
    /// An option and the topology manager's policy exclude each other.
    case socketsWithSingleNode(KubeletSetting<String>)
    /// An option needs a feature that is off.
    case optionNeedsGate(PolicyOption, FeatureGate, Origin)
    /// The period of the CPU quota is another than usual, and the feature for it is off.
    case periodNeedsGate(KubeletSetting<Period>, FeatureGate)
    /// The period of the CPU quota is shorter or longer than kubelet allows.
    case periodOutOfRange(KubeletSetting<Period>)
}

extension PolicyProblem {
    var what: String {
        switch self {
        case .unknown(let key, let setting, _):
            "\(key) is \(quoted(setting.value)) (\(setting.origin)), which is unknown"
        case .optionsWithoutStatic(let names, let origin):
            "cpuManagerPolicyOptions has \(names.map(quoted).joined(separator: ", ")) (\(origin)), and the policy is none"
        case .unknownOption(let name, let origin):
            "cpuManagerPolicyOptions has \(quoted(name)) (\(origin)), which is unknown"
        case .notABoolean(let option, let setting):
            "\(option) is \(quoted(setting.value)) (\(setting.origin)), which is neither true nor false"
        case .incompatible(let first, let second, let origin):
            "\(first.rawValue) and \(second.rawValue) (\(origin)) exclude each other"
        case .socketsWithSingleNode(let setting):
            "align-by-socket and topologyManagerPolicy \(setting.value) (\(setting.origin)) exclude each other"
        case .optionNeedsGate(let option, let gate, let origin):
            "\(option.rawValue) (\(origin)) needs the feature gate \(gate.rawValue), which is off"
        case .periodNeedsGate(let setting, let gate):
            "cpuCFSQuotaPeriod is \(setting.value) (\(setting.origin)), which needs the feature gate \(gate.rawValue)"
        case .periodOutOfRange(let setting):
            "cpuCFSQuotaPeriod is \(setting.value) (\(setting.origin)), which is not from 1ms to 1s"
        }
    }

    var whatToDo: String {
        switch self {
        case .unknown(_, let setting, let known): Self.advice(for: setting.value, among: known)
        case .optionsWithoutStatic: "remove the options, or set cpuManagerPolicy to static"
        case .unknownOption(let name, _): Self.advice(for: name, among: PolicyOption.allCases.map(\.rawValue))
        case .notABoolean: "give \"true\" or \"false\"; on the command line, one option an argument"
        case .incompatible: "remove one of them"
        case .socketsWithSingleNode: "remove align-by-socket, or choose another topologyManagerPolicy"
        case .optionNeedsGate(_, let gate, _): "remove the option, or set featureGates: {\(gate.rawValue): true}"
        case .periodNeedsGate(_, let gate): "set it to 100ms, or set featureGates: {\(gate.rawValue): true}"
        case .periodOutOfRange: "give a period from 1ms to 1s"
        }
    }

    private static func advice(for word: String, among known: [String]) -> String {
        // Nothing that is known is near to a word that long, and to find that out would take its time.
        let near = word.utf8.count <= 64 ? suggestion(for: word, among: known) : nil
        return near.map { "did you mean \($0)?" } ?? "give one of: \(known.joined(separator: ", "))"
    }
}

extension StartupCheck {
    mutating func checkPolicies() {
        check("topologyManagerPolicy", configuration.topologyManagerPolicy, among: TopologyPolicy.self)
        check("topologyManagerScope", configuration.topologyManagerScope, among: TopologyScope.self)
        check("cpuManagerPolicy", configuration.cpuManagerPolicy, among: CPUPolicy.self)
        check("memoryManagerPolicy", configuration.memoryManagerPolicy, among: MemoryPolicy.self)
        let period = configuration.cpuCFSQuotaPeriod
        let gate = FeatureGate.customCPUCFSQuotaPeriod
        if gate.isOn(among: configuration.featureGates) {
            if !(1_000_000...1_000_000_000).contains(period.value.nanoseconds) {
                report(.policy(.periodOutOfRange(period)))
            }
        } else if period.value.nanoseconds != 100_000_000 {
            report(.policy(.periodNeedsGate(period, gate)))
        }
    }

    private mutating func check<Word: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ setting: KubeletSetting<String>, among words: Word.Type
    ) {
        guard Word(rawValue: setting.value) == nil else { return }
        report(.policy(.unknown(key: key, setting, known: words.allCases.map(\.rawValue))))
    }

    mutating func checkOptions() {
        // In a fixed order, since the mapping has none.
        let options = configuration.cpuManagerPolicyOptions.sorted { $0.key < $1.key }
        if configuration.cpuManagerPolicy.value == CPUPolicy.none.rawValue, let first = options.first {
            report(.policy(.optionsWithoutStatic(options.map(\.key), first.value.origin)))
        }
        guard isStatic else { return }
        for (name, setting) in options {
            guard let option = PolicyOption(rawValue: name) else {
                report(.policy(.unknownOption(name, setting.origin)))
                continue
            }
            if let gate = option.gate, !gate.isOn(among: configuration.featureGates) {
                report(.policy(.optionNeedsGate(option, gate, setting.origin)))
            }
            if Bool(goText: setting.value) == nil { report(.policy(.notABoolean(option: name, setting))) }
        }
        checkPairs()
    }

    private mutating func checkPairs() {
        for (first, second) in PolicyOption.incompatible
        where configuration.isOn(first) && configuration.isOn(second) {
            let origin = configuration.cpuManagerPolicyOptions[second.rawValue]?.origin ?? .builtIn
            report(.policy(.incompatible(first, second, origin)))
        }
        let policy = configuration.topologyManagerPolicy
        if configuration.isOn(.alignBySocket), policy.value == TopologyPolicy.singleNUMANode.rawValue {
            report(.policy(.socketsWithSingleNode(policy)))
        }
    }
}

private enum CPUPolicy: String, CaseIterable {
    case none
    case `static`
}

private enum MemoryPolicy: String, CaseIterable {
    case none = "None"
    case `static` = "Static"
}

private enum TopologyPolicy: String, CaseIterable {
    case none
    case bestEffort = "best-effort"
    case restricted
    case singleNUMANode = "single-numa-node"
}

private enum TopologyScope: String, CaseIterable {
    case container
    case pod
}
