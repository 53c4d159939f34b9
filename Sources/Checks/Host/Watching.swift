// SPDX-License-Identifier: Apache-2.0

import Reports

extension Rule {
    static let watchRuns = Rule(
        "watch", .host,
        title: "rtshield watch runs beside container engines",
        why:
            "A container that asks for no CPUs starts on all of them, and new kernel threads may. Without a hook or "
            + "'rtshield watch' they stay on the shield until somebody reconciles.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset"
    ) { evidence in
        guard evidence.shield != nil, let engine = evidence.daemons.engines.first else { return [] }
        let isWatched = evidence.daemons["rtshield"].contains { $0.arguments.dropFirst().contains("watch") }
        if isWatched { return [.ok("rtshield watch runs")] }
        return [
            .note(
                "\(engine.name) runs, and rtshield watch does not", wanted: "rtshield watch as a service",
                fix: "systemctl enable --now rtshield.service")
        ]
    }
}

extension Daemons {
    /// The services that start containers.
    static let engineNames = ["dockerd", "containerd", "crio", "kubelet"]

    /// Those of them that run.
    var engines: [Daemon] { Self.engineNames.flatMap { self[$0] } }
}
