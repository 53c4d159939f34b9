// SPDX-License-Identifier: Apache-2.0

import Containers
import ShieldKit
import Text
import YAML

extension Reader {
    private static let containersKeys = ["runtime", "open-seccomp", "exclusive", "strict", "hook-seconds"]

    /// Reads what is below `containers`.
    mutating func containers(_ node: Node) -> ContainersConfiguration {
        var configuration = ContainersConfiguration()
        guard let section = section(node, "containers", keys: Reader.containersKeys) else { return configuration }
        if let node = section["runtime"], !node.isEmpty { configuration.runtime = program(node, of: "runtime") }
        if let node = section["open-seccomp"], !node.isEmpty {
            configuration.opensSeccomp = word(node, of: "open-seccomp", as: Flag.self) == .true
        }
        if let node = section["hook-seconds"], let seconds = integer(node, of: "hook-seconds", in: 1...60) {
            configuration.hookSeconds = seconds
        }
        if let node = section["exclusive"], !node.isEmpty { configuration.rules.defaults = requests(node) }
        if let node = section["strict"], !node.isEmpty { configuration.rules.strict = concerns(node) }
        return configuration
    }

    /// Reads the path of a program, which nothing of the environment is to decide.
    private mutating func program(_ node: Node, of subject: String) -> String? {
        let hint = "give its whole path, such as /usr/bin/runc"
        guard let path = text(node, of: subject, hint: hint) else { return nil }
        guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.utf8.contains(0) else {
            report("\(subject): \(quoted(path)) is no absolute path of a program", at: node.mark, hint: hint)
            return nil
        }
        return path
    }
}

/// The words for yes and no.
private enum Flag: String, CaseIterable {
    case `true`, `false`
}
