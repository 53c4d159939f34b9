// SPDX-License-Identifier: Apache-2.0

import Linux
import ShieldKit

/// Repairs a shield whenever something happens to the machine.
struct Watcher: ~Copyable {
    private let events: MachineEvents
    private let interval: Duration
    private let service = ServiceNotifier(socket: CurrentProcess.environmentVariable("NOTIFY_SOCKET"))

    init(interval: Duration) throws(Errno) {
        self.interval = interval
        events = try MachineEvents()
    }

    /// Runs until a signal asks it to end.
    consuming func run() throws(Failure) -> Int32 {
        for (source, errno) in events.deaf {
            Output.note("no kernel events for \(source) here (\(errno)); rtshield polls instead")
        }
        var round = WatchRound()
        var isReady = false
        while true {
            round.repair { events.watch(directories: $0.directories, files: $0.files) }
            if !isReady { tell("READY=1") }
            isReady = true
            tell("STATUS=" + round.status)
            do throws(Errno) {
                if try events.wait(interval) == .stop { break }
            } catch {
                throw Failure("watch: cannot wait: \(error)", status: Exit.refused)
            }
        }
        tell("STOPPING=1")
        return Exit.done
    }

    /// A service manager that does not listen changes nothing.
    private func tell(_ state: String) { try? service.notify(state) }
}
