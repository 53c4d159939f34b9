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

    private var options: [Option] = []

    private struct Option: Hashable {
        var name: String
        var value: String?
    }

    /// Reads a command line; `possible` gives the meaning of `N` and `all` in its CPU lists.
    package init(commandLine: String, possible: CPUSet) {
        options = Self.words(of: commandLine).prefix { $0 != "--" }.map(Self.option)
        var isolation: [String: CPUSet] = [:]
        for option in options {
            guard let value = option.value else { continue }
            switch option.name {
            case "isolcpus":
                guard let (flags, list) = Self.flags(ofIsolcpus: value),
                    Self.isolate(list, for: flags, possible: possible, in: &isolation)
                else { continue }
                isolcpusFlags += flags.filter { !isolcpusFlags.contains($0) }
            case "nohz_full":
                _ = Self.isolate(value[...], for: ["nohz"], possible: possible, in: &isolation)
            default: continue
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

    /// Adds one option to what is isolated so far, by flag; false when the kernel ignores it.
    ///
    /// An option that says something else than an earlier one for the same flag is ignored as a whole, and the boot
    /// CPU stays when no other would. The C name is `housekeeping_setup`.
    private static func isolate(
        _ list: Substring, for flags: [String], possible: CPUSet, in isolation: inout [String: CPUSet]
    ) -> Bool {
        guard var cpus = CPUSet(bootList: list, possible: possible) else { return false }
        if cpus == possible, let boot = possible.first { cpus.remove(boot) }
        guard !cpus.isEmpty, flags.allSatisfy({ (isolation[$0] ?? cpus) == cpus }) else { return false }
        for flag in flags { isolation[flag] = cpus }
        return true
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
