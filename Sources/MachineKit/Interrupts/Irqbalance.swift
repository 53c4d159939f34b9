// SPDX-License-Identifier: Apache-2.0

/// The irqbalance daemon of a machine, which moves interrupts about every ten seconds unless CPUs are banned.
///
/// It is asked through its socket (`setup`, `settings cpus`), so that it need not be restarted; systemd counts restarts and
/// refuses the sixth within ten seconds.
package struct Irqbalance: Hashable, Sendable {
    /// The socket, with `@` before an abstract name; its name holds the number of the process.
    package var socket: String
    /// The CPUs that it leaves alone now.
    package var banned: CPUSet
    /// How long it sleeps between two looks at the interrupts, in seconds.
    package var interval: Int

    package init(socket: String, banned: CPUSet, interval: Int = 10) {
        self.socket = socket
        self.banned = banned
        self.interval = interval
    }

    /// Finds the daemon that runs, by its socket; nil when none does, or it does not answer.
    package init?(on machine: any Machine) {
        for path in Self.sockets(on: machine) {
            guard let setup = Self.setup(asking: path, on: machine) else { continue }
            self.init(socket: path, banned: setup.banned, interval: setup.interval)
            return
        }
        return nil
    }

    /// Where an irqbalance may listen: sockets of this network, and of that of its service.
    ///
    /// Debian 13 gives the service a network of its own (`PrivateNetwork=`), which hides a socket from `/proc/net/unix` of others.
    /// By its path it can be reached all the same.
    private static func sockets(on machine: any Machine) -> [String] {
        let processes = machine.textIfPresent(of: KernelFile(.cpuset, "system.slice/irqbalance.service/cgroup.procs"))
        let networks = ["net/unix"] + (processes ?? "").split(separator: "\n").map { "\($0)/net/unix" }
        return networks.flatMap { network in
            (machine.textIfPresent(of: KernelFile(.proc, network)) ?? "").split(separator: "\n")
                .compactMap { $0.split(separator: " ").last.map(String.init) }
                .filter { process(of: $0) != nil }
        }
    }

    /// The number of its process.
    package var process: Int32 { Self.process(of: socket) ?? 0 }

    /// Reads `/run/irqbalance/irqbalance417.sock`, or the abstract `@irqbalance417.sock` of versions before 1.9.
    private static func process(of path: String) -> Int32? {
        let name = path.split { $0 == "/" || $0 == "@" }.last ?? ""
        guard name.hasPrefix("irqbalance"), name.hasSuffix(".sock") else { return nil }
        return Int32(name.dropFirst("irqbalance".count).dropLast(".sock".count))
    }

    /// It answers `SLEEP 10`, an `IRQ …` for each that it was told to leave, and `BANNED` with a mask.
    private static func setup(asking socket: String, on machine: any Machine) -> (banned: CPUSet, interval: Int)? {
        guard let answer = try? machine.ask(socket, "setup") else { return nil }
        let words = answer.split(whereSeparator: \.isWhitespace)
        func word(after name: Substring) -> Substring? {
            words.firstIndex(of: name).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        }
        guard let banned = word(after: "BANNED").flatMap({ CPUSet(mask: $0) }) else { return nil }
        let interval = word(after: "SLEEP").flatMap { Int($0) } ?? 10
        return (banned, min(max(interval, 1), 60))
    }

    // MARK: - Changing

    /// Has it leave these CPUs alone; it does so when it looks at the interrupts the next time, by default within ten seconds.
    ///
    /// - Parameters:
    ///   - cpus: The CPUs.
    ///   - machine: The machine that it runs on.
    ///   - isUrgent: Whether it is woken, to look right away; until it looks it moves nothing.
    /// - Throws: `FileError` if it does not answer.
    package func ban(_ cpus: CPUSet, on machine: any Machine, isUrgent: Bool = true) throws(FileError) {
        _ = try machine.ask(socket, "settings cpus \(cpus)")
        if isUrgent { machine.hangUp(process) }
    }

    /// Has it take what its environment says again, which by default is `isolcpus=` and `nohz_full=`.
    package func forget(on machine: any Machine, isUrgent: Bool = true) throws(FileError) {
        _ = try machine.ask(socket, "settings cpus NULL")
        if isUrgent { machine.hangUp(process) }
    }

    /// Whether its environment holds these bans, which it goes back to when it forgets what it was told.
    package func wasStarted(banning cpus: CPUSet, on machine: any Machine) -> Bool {
        let variables = (try? machine.text(of: KernelFile(.proc, "\(process)/environ"))) ?? ""
        return variables.split(separator: "\0").contains { $0 == "IRQBALANCE_BANNED_CPULIST=\(cpus)" }
    }
}

extension Irqbalance {
    private static let directory = "irqbalance.service.d"
    /// Another name than the drop-in for all services has: a unit's own replaces one of the same name (systemd.unit(5)).
    private static let name = "50-rtshield-irqbalance"

    /// Where variables are that make a service which is started again leave CPUs alone, below systemd's run-time units.
    package static let environmentPath = "\(directory)/\(name).env"

    /// Where the drop-in is that has the service read them.
    package static let dropInPath = "\(directory)/\(name).conf"

    /// The variables: versions before 1.8 read the mask, and newer ones the list.
    package static func environment(banning cpus: CPUSet) -> String {
        "IRQBALANCE_BANNED_CPULIST=\(cpus)\nIRQBALANCE_BANNED_CPUS=\(cpus.mask)\n"
    }

    /// The drop-in: variables of an `EnvironmentFile=` win over `Environment=`, and later files over earlier ones, so that what
    /// `/etc/default/irqbalance` says stays untouched and does not count.
    package static let dropIn =
        "# Written by rtshield; 'rtshield destroy' removes it.\n[Service]\n"
        + "EnvironmentFile=/run/systemd/system/\(environmentPath)\n"
}
