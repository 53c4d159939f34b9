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
        "watch", "Keep repairing the shield and the grants", Arguments(),
        details: [
            "Waits for kernel events: CPUs and devices that come and go, new kernel threads, new cgroups, changed cgroup "
                + "and unit files. It polls for changes without events, such as that of an interrupt. Each repair is a line "
                + "on standard error. The shield stays when watch ends.",
            "As a service it notifies systemd when it is ready (sd_notify(3)). SIGHUP makes it check at once, SIGTERM ends it.",
        ],
        options: [
            .value("interval", nil, "SECONDS", \.interval, "Interval of polling (default: 60)") { text in
                guard let seconds = Int(text), (1...86_400).contains(seconds) else {
                    throw UsageError("'\(text)' is not a number of seconds from 1 to 86400")
                }
                return seconds
            }
        ],
        examples: [("rtshield watch", "In the foreground, or from rtshield.service")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        try Session.checkCapabilities()
        let watcher: Watcher
        do throws(Errno) {
            watcher = try Watcher(interval: .seconds(arguments.interval))
        } catch {
            throw Failure("watch: cannot wait for signals: \(error)", status: Exit.refused)
        }
        return try watcher.run()
    }
}
