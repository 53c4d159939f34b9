// SPDX-License-Identifier: Apache-2.0

/// The kernel's command line, and which CPUs it isolates.
///
/// It rests on `/proc/cmdline`, and so says what was asked for. A kernel without `CONFIG_NO_HZ_FULL` ignores
/// `nohz_full=`; what was granted stands in `/sys/devices/system/cpu/isolated` and `nohz_full`.
package struct BootOptions: Hashable, Sendable {
    /// CPUs without scheduling domains from the start: `isolcpus=` with the flag `domain` or with no flag that counts.
    ///
    /// The flags `nohz` and `managed_irq` alone leave the domains as they are.
    package var isolatedCPUs: CPUSet = []
    /// The flags in force of `isolcpus=`: `domain`, `nohz`, `managed_irq`; none without the option.
    package var isolcpusFlags: [String] = []
    /// CPUs whose tick stops while they run one task: `nohz_full=`, or `isolcpus=` with the flag `nohz`.
    package var nohzFull: CPUSet = []
    /// What of `isolcpus=` and `nohz_full=` the kernel ignores, in the order in which it was given.
    package private(set) var ignored: [Ignored] = []

    private var options: [Option] = []

    private struct Option: Hashable {
        var name: String
        var value: String?
    }

    /// An option that the kernel ignores as a whole.
    package struct Ignored: Hashable, Sendable {
        /// Why it does.
        package enum Reason: Hashable, Sendable {
            /// Its value is no CPU list.
            case noList
            /// A word in front of the list is no flag.
            case noFlag
            /// It names no CPU that can exist, or only the boot CPU.
            case noCPU
            /// It names other CPUs for something that an earlier option is about, too.
            case contradiction
        }

        /// The option as it was given, `isolcpus=2-`.
        package var option: String
        package var reason: Reason
    }

    /// Reads a command line; `possible` gives the meaning of `N` and `all` in its CPU lists.
    package init(commandLine: String, possible: CPUSet) {
        options = Self.words(of: commandLine).prefix { $0 != "--" }.map(Self.option)
        var isolation: [String: CPUSet] = [:]
        for option in options {
            guard let value = option.value, ["isolcpus", "nohz_full"].contains(option.name) else { continue }
            let isIsolcpus = option.name == "isolcpus"
            guard let (flags, list) = isIsolcpus ? Self.flags(ofIsolcpus: value) : (["nohz"], value[...]) else {
                ignored.append(Ignored(option: "\(option.name)=\(value)", reason: .noFlag))
                continue
            }
            if let reason = Self.isolate(list, for: flags, possible: possible, in: &isolation) {
                ignored.append(Ignored(option: "\(option.name)=\(value)", reason: reason))
            } else if isIsolcpus {
                isolcpusFlags += flags.filter { !isolcpusFlags.contains($0) }
            }
        }
        isolatedCPUs = isolation["domain"] ?? []
        nohzFull = isolation["nohz"] ?? []
    }

    /// The value of an option, empty for an option without one and nil for one that was not given.
    ///
    /// The last one counts. As in the kernel, a hyphen and an underscore in a name are the same.
    package func value(of option: String) -> String? {
        let name = Self.normalized(option)
        return options.last { $0.name == name }.map { $0.value ?? "" }
    }

    /// Every value that an option was given, in that order; empty ones for an option without one.
    package func values(of option: String) -> [String] {
        let name = Self.normalized(option)
        return options.filter { $0.name == name }.map { $0.value ?? "" }
    }

    private static func normalized(_ name: some StringProtocol) -> String {
        String(name.map { $0 == "-" ? "_" : $0 })
    }
}

// MARK: - Isolation

extension BootOptions {
    /// Splits the value of `isolcpus=` into the flags in front and the list; nil when the kernel refuses a flag.
    ///
    /// Whatever begins with a letter is a flag, `all` and `N` too. Flags the kernel does not know are skipped when
    /// they consist of letters and underscores. Without a flag that is known, `domain` is meant.
    private static func flags(ofIsolcpus value: String) -> (flags: [String], list: Substring)? {
        var flags: [String] = []
        var rest = value[...]
        while let first = rest.first, first.isASCII, first.isLetter {
            let flag = rest.prefix { $0 != "," }
            let hasList = flag.endIndex < rest.endIndex
            guard flag.allSatisfy({ $0.isASCII && $0.isLetter || $0 == "_" }) else { return nil }
            if hasList, ["domain", "nohz", "managed_irq"].contains(flag) { flags.append(String(flag)) }
            rest = hasList ? rest[rest.index(after: flag.endIndex)...] : ""
        }
        return (flags.isEmpty ? ["domain"] : flags, rest)
    }

    /// Adds one option to what is isolated so far, by flag; says why when the kernel ignores it.
    ///
    /// An option that says something else than an earlier one for the same flag is ignored as a whole, and the boot
    /// CPU stays when no other would. The C name is `housekeeping_setup`.
    private static func isolate(
        _ list: Substring, for flags: [String], possible: CPUSet, in isolation: inout [String: CPUSet]
    ) -> Ignored.Reason? {
        guard var cpus = CPUSet(bootList: list, possible: possible) else { return .noList }
        if cpus == possible, let boot = possible.first { cpus.remove(boot) }
        guard !cpus.isEmpty else { return .noCPU }
        guard flags.allSatisfy({ (isolation[$0] ?? cpus) == cpus }) else { return .contradiction }
        for flag in flags { isolation[flag] = cpus }
        return nil
    }
}

// MARK: - Words

extension BootOptions {
    /// Splits at white space outside double quotes, and leaves the quotes out.
    private static func words(of commandLine: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for scalar in commandLine.unicodeScalars {
            if scalar == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if scalar.properties.isWhitespace, !isQuoted {
                if let ended = word { words.append(ended) }
                word = nil
            } else {
                word = (word ?? "") + String(scalar)
            }
        }
        if let ended = word { words.append(ended) }
        return words
    }

    private static func option(_ word: String) -> Option {
        guard let equals = word.firstIndex(of: "=") else { return Option(name: normalized(word)) }
        return Option(name: normalized(word[..<equals]), value: String(word[word.index(after: equals)...]))
    }
}
