// SPDX-License-Identifier: Apache-2.0

/// The words of a runtime's command line, taken one after the other.
///
/// runc reads them with Go's `flag`, to which `-bundle` and `--bundle` are the same; crun with argp, for which `-b` may
/// have its value in the same word. What one of them refuses may be understood here: it never starts a container.
struct RuntimeArguments {
    /// The names of options, by whether a value follows.
    struct Known {
        let withValue: Set<String>
        let flags: Set<String>
    }

    struct Option {
        let name: String
        /// Empty for an option without one.
        let value: String
        /// Whether it may have taken the next word for its value; nobody knows.
        var isUnknown = false
    }

    private var words: ArraySlice<String>
    /// Whether a `--` has ended the options.
    private var isPastOptions = false

    init(_ words: [String]) { self.words = words[...] }

    var isAtEnd: Bool { words.isEmpty }

    mutating func next() -> String? { words.popFirst() }

    /// Takes the command, which has options of its own.
    mutating func command() -> String? {
        isPastOptions = false
        return words.popFirst()
    }

    /// Takes the next word, and the one behind it if that is its value, if it is an option.
    mutating func option(knowing known: Known) -> Option? {
        guard !isPastOptions, let word = words.first, word.hasPrefix("-"), word != "-" else { return nil }
        words.removeFirst()
        guard word != "--" else {
            isPastOptions = true
            return nil
        }
        let isShort = !word.hasPrefix("--")
        let parts = word.dropFirst(isShort ? 1 : 2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        if parts.count > 1 { return Option(name: name, value: String(parts[1])) }
        if known.withValue.contains(name) { return Option(name: name, value: words.popFirst() ?? "") }
        if isShort, let letter = name.first.map(String.init), name.count > 1, known.withValue.contains(letter) {
            return Option(name: letter, value: String(name.dropFirst()))
        }
        return Option(name: name, value: "", isUnknown: !known.flags.contains(name))
    }
}

extension RuntimeArguments {
    /// What runc and crun take before the command.
    static let global = Known(
        withValue: ["log", "log-format", "log-level", "root", "criu", "rootless", "cgroup-manager"],
        flags: ["debug", "systemd-cgroup", "help", "h", "version", "v", "V"])

    /// What they take behind the commands that start a container.
    ///
    /// Of flags nothing has to be known: none has a value.
    static let starting = Known(
        withValue: [
            "bundle", "b", "config", "f", "console-socket", "pidfd-socket", "pid-file", "preserve-fds", "image-path",
            "work-path", "parent-path", "manage-cgroups-mode", "empty-ns", "lsm-profile", "lsm-mount-context",
        ],
        flags: [])
}
