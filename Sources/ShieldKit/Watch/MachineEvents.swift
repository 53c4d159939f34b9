// SPDX-License-Identifier: Apache-2.0

package import Linux

/// Waits for something to happen to a machine that a shield depends on.
///
/// The kernel announces CPUs and devices (uevents), births of kernel threads (proc connector) and changes of groups and unit files
/// (inotify). Where it has no announcement, as for `/proc/irq` and sysctls, only a slow look from time to time helps.
package struct MachineEvents: ~Copyable {
    /// Why a wait ended.
    package enum Trigger: Hashable, Sendable {
        /// Something changed.
        case change
        /// Nothing was announced for the whole interval.
        case interval
        /// The process is asked to end.
        case stop
    }

    private let signals: Signals
    private let devices: Listener<KernelEvents>
    private let threads: Listener<KernelThreadEvents>
    private let files: Listener<FileEvents>

    /// How long to gather announcements after the first one: a device brings many, a container start too.
    private static let calm = Duration.milliseconds(300)
    private static let patience = 10

    /// Listens from now on; what happened before has to be looked at once after this.
    ///
    /// - Throws: Why signals cannot be waited for. What else cannot be heard of is in ``deaf``.
    package init() throws(Errno) {
        signals = try Signals([.terminate, .interrupt, .hangup])
        devices = Listener("CPUs and devices") { () throws(Errno) in try KernelEvents() }
        threads = Listener("new kernel threads") { () throws(Errno) in try KernelThreadEvents() }
        files = Listener("changes of groups") { () throws(Errno) in try FileEvents() }
    }

    /// What the kernel cannot announce here, with the reason.
    package var deaf: [(source: String, errno: Errno)] {
        [devices.complaint, threads.complaint, files.complaint].compactMap(\.self)
    }

    /// Also listens to changes of these; those that do not exist are passed over, those listened to already stay so.
    package func watch(directories: [String], files paths: [String]) {
        switch files.source {
        case .some(let files):
            for path in directories { _ = try? files.watch(path, for: [.created, .deleted, .onlyDirectory]) }
            for path in paths { _ = try? files.watch(path, for: .modified) }
        case .none: break
        }
    }

    /// Waits until something happens, and until it has calmed down.
    package func wait(_ interval: Duration) throws(Errno) -> Trigger {
        guard try isReady(within: interval) else { return .interval }
        for _ in 0..<Self.patience {
            if try drain() { return .stop }
            guard try isReady(within: Self.calm) else { break }
        }
        return .change
    }

    private func isReady(within timeout: Duration) throws(Errno) -> Bool {
        let numbers = [signals.number, devices.number, threads.number, files.number].compactMap(\.self)
        return try !Poller.wait(for: numbers.map { .init($0) }, timeout: timeout).isEmpty
    }

    /// Takes everything that is queued; true when the process is asked to end.
    private func drain() throws(Errno) -> Bool {
        while let signal = try signals.next() {
            if signal != .hangup { return true }
        }
        while try hasMore() {}
        return false
    }

    /// Takes an announcement from each source; false when there was none.
    ///
    /// That some were lost is no error here: everything is looked at anyway.
    private func hasMore() throws(Errno) -> Bool {
        do throws(Errno) {
            let isTold = [try devices.hasTakenOne(), try threads.hasTakenOne(), try files.hasTakenOne()]
            return isTold.contains(true)
        } catch .noBufferSpace {
            return true
        }
    }
}
