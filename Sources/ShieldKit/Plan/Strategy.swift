// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// A way to bring a shield about on one kind of host.
package protocol Strategy: Sendable {
    /// The name that `status` and `--dry-run` show.
    static var name: String { get }

    /// What lies between the host and the shield, in the order in which it has to happen.
    func draft(_ draft: inout PlanDraft) throws(PlanError)

    /// The group in which `rtshield run` starts programs of a partition; nil when systemd makes it.
    func cgroup(of partition: String, placement: Placement) -> CgroupPath?

    /// What engines are given as cgroup parent so that their containers are inside a pool.
    func engineParent(of partition: String) -> String
}

extension Strategy {
    package var name: String { Self.name }
}

/// Chooses the strategy for a host, with the observation that decided.
package func chooseStrategy(for layout: CgroupLayout) -> (strategy: any Strategy, choice: StrategyChoice) {
    let strategy: any Strategy
    let reason: String
    switch (layout.version, layout.owner) {
    case (.v1, _):
        strategy = CpusetV1Strategy()
        reason =
            "cpuset is mounted as cgroup v1 at \(layout.mountPoint)"
            + (layout.hasSystemd ? ", which systemd leaves alone" : "")
    case (.v2, .systemd):
        strategy = SystemdStrategy()
        reason = "cpuset is in the unified hierarchy, which systemd owns: its units are narrowed through systemd"
    case (.v2, .nobody):
        strategy = CpusetV2Strategy()
        reason =
            "cpuset is in the cgroup v2 hierarchy at \(layout.mountPoint), "
            + (layout.hasSystemd
                ? "whose controllers systemd leaves alone on a hybrid host" : "and there is no systemd")
    }
    return (strategy, StrategyChoice(name: strategy.name, reason: reason))
}

extension Plan {
    /// Decides what lies between a host and a shield; reads and writes nothing.
    ///
    /// - Parameters:
    ///   - shield: What is wanted.
    ///   - host: What there is.
    ///   - noise: The knobs of the attributes that the shield has, and of those that it had.
    ///   - applied: What rtshield did to the host so far.
    ///   - systemd: The release of the systemd that runs there; nil when it is not known.
    /// - Throws: `PlanError` if the host cannot be given that shield.
    package init(
        _ shield: Shield, on host: Host, noise: Noise = Noise(), holding applied: AppliedState = AppliedState(),
        systemd: Int? = nil
    ) throws(PlanError) {
        let (strategy, choice) = chooseStrategy(for: host.layout)
        var draft = PlanDraft(host: host, shield: shield, noise: noise, applied: applied, systemd: systemd)
        try strategy.draft(&draft)
        draft.tuneNoise()
        self.init(shield: shield, strategy: choice, steps: draft.steps)
    }
}
