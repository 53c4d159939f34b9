// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Linux
import ShieldKit

/// `rtshield watch`: keeps the machine as its shield wants it, until it is asked to end.
enum WatchCommand {
    struct Arguments: Sendable {
        var interval = 60
    }

    static let description = Command(
        "watch", "Repair what no longer holds, whenever that happens", Arguments(),
        details: [
            "Waits for what the kernel announces: CPUs and devices that come and go, new kernel threads, new groups, changed group "
                + "and unit files. What it cannot announce, such as a changed interrupt, is looked at from time to time. Each "
                + "repair is a line on standard error. The shield stays when watch ends.",
            "As a service it tells systemd when it is ready (sd_notify(3)). SIGHUP makes it look at once, SIGTERM ends it.",
        ],
        options: [
            .value("interval", nil, "SECONDS", \.interval, "How often to look at what is not announced (60)") { text in
                guard let seconds = Int(text), (1...86_400).contains(seconds) else {
                    throw UsageError("'\(text)' is no number of seconds from 1 to 86400")
                }
                return seconds
            }
        ],
        examples: [("rtshield watch", "In the foreground, or from rtshield.service")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        try Privileges.check()
        let watcher: Watcher
        do throws(Errno) {
            watcher = try Watcher(interval: .seconds(arguments.interval))
        } catch {
            throw Failure("watch: cannot wait for signals: \(error)", status: Exit.refused)
        }
        return try watcher.run()
    }
}
