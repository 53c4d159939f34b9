// SPDX-License-Identifier: Apache-2.0

import CommandTable
import MachineKit
import ShieldKit
import Text

extension CreateCommand {
    /// What is typed after `rtshield create`.
    struct Arguments: Sendable {
        var cpus: CPUSet?
        var cores: Int?
        var node: Int?
        var threads: CoreRequest.Threads?
        var userCPUs: CPUSet?
        var dockerCPUs: CPUSet?
        var named: [NamedCPUs] = []
        var mems: MemoryNodes?
        var with: Set<NoiseSource> = []
        var without: Set<NoiseSource> = []
        var irqRules: [IRQRule] = []
        var chasesTimers = false
        var isExclusive = false
        var isIsolated = false
        var isDryRun = false
        var isJSON = false
        var sysroot: String?

        func request() throws(UsageError) -> ShieldRequest {
            let placement = isExclusive || isIsolated ? Placement.pool(balanced: !isIsolated) : .open
            var request = ShieldRequest(cpus: cpus, placement: placement)
            request.userCPUs = userCPUs
            request.dockerCPUs = dockerCPUs
            request.named = named
            request.mems = mems
            request.cores = try coreRequest()
            request.attributes = try NoiseSourceList.chosen(with: with, without: without)
            request.irqRules = irqRules
            return request
        }

        private func coreRequest() throws(UsageError) -> CoreRequest? {
            guard let cores else {
                if node != nil { throw UsageError("--numa needs --cores") }
                if threads != nil { throw UsageError("--smt needs --cores") }
                return nil
            }
            if cpus != nil { throw UsageError("--cpus and --cores are mutually exclusive") }
            return CoreRequest(cores: cores, node: node, threads: threads ?? .pair)
        }
    }
}

/// Attributes as `--with` and `--without` take them: `governor,xps`, or `all`.
enum NoiseSourceList {
    private static let words = ["all"] + NoiseSource.allCases.map(\.rawValue)

    static func parse(_ text: String) throws -> Set<NoiseSource> {
        if text == "all" { return Set(NoiseSource.allCases) }
        return Set(
            try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
                guard let attribute = NoiseSource(rawValue: String(word)) else {
                    throw UsageError("'\(word)' is not one of \(words.joined(separator: ", "))")
                }
                return attribute
            })
    }

    /// The default attributes without some and with others.
    static func chosen(with: Set<NoiseSource>, without: Set<NoiseSource>) throws(UsageError) -> Set<NoiseSource> {
        let all = Set(NoiseSource.allCases)
        let both = with == all || without == all ? [] : with.intersection(without)
        if let name = both.min()?.rawValue { throw UsageError("'\(name)' is given to both --with and --without") }
        return NoiseSource.defaults.subtracting(without).union(with == all ? all.subtracting(without) : with)
    }
}

extension IRQRule {
    /// Reads a rule as `--irq` takes it.
    init(parsing text: String) throws {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else {
            throw UsageError("'\(text)' has no '=': give NAME-or-NUMBER=LIST, such as 'eth0-*=4'")
        }
        self.init(String(text[..<equals]), cpus: try CPUSet(parsing: String(text[text.index(after: equals)...])))
    }
}

extension NamedCPUs {
    /// Reads a partition as `--partition` takes it.
    init(parsing text: String) throws {
        guard let equals = text.firstIndex(of: "=") else {
            throw UsageError("'\(text)' has no '=': give NAME=LIST, such as audio=4-5")
        }
        let name = String(text[..<equals])
        guard Partition.isName(name) else { throw UsageError(ShieldRequestError.badName(name).problem.line) }
        self.init(name, cpus: try CPUSet(parsing: String(text[text.index(after: equals)...])))
    }
}
