// SPDX-License-Identifier: Apache-2.0

import Configuration
import Reports
import ShieldKit

extension Rule {
    static let hookTime = Rule(
        "time", .hooks,
        title: "Engines wait for the hook for longer than it takes at most",
        why:
            "The hook ends by itself after hook-seconds and says what it could not do. An engine that does not wait that "
            + "long kills it in the middle; one that waits for ever is kept by any hook that hangs.",
        reference: "https://github.com/opencontainers/runtime-spec/blob/main/config.md"
    ) { evidence in
        let most = evidence.configuration?.containers.hookSeconds ?? 2
        return evidence.hooks.ours.map { entry in
            let line = "\"timeout\": \(most + 3)"
            guard let timeout = entry.timeout else {
                return .note("\(entry.path) has no timeout", wanted: line, fix: "put '\(line)' below \"hook\"")
            }
            if timeout > most { return .ok("\(entry.path) has a timeout of \(timeout) s") }
            return .warning(
                "\(entry.path) has a timeout of \(timeout) s, and the hook may take \(most) s", wanted: line,
                fix: "put '\(line)' below \"hook\", or lower containers.hook-seconds")
        }
    }
}
