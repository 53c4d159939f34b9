// SPDX-License-Identifier: Apache-2.0

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
        _ key: String, _ setting: Setting<String>, among words: Word.Type
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
