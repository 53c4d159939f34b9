// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import Engines
import Grants
import JSON
import MachineKit
import ShieldKit

/// A container of which a task runs.
struct RunningContainer: Sendable {
    let id: ContainerID
    /// Its group in the cpuset hierarchy.
    let group: CgroupPath
    /// The CPUs that it may use now.
    let cpus: CPUSet
    /// All that is decided of it; nil when its configuration cannot be read.
    let decision: Decision?
    /// Why its configuration cannot be read.
    let fault: String?
    /// What it was granted; nil when nothing.
    let grant: Grant?

    /// A name that a person recognises.
    var title: String {
        let short = id.text.utf8.count == 64 ? String(id.text.prefix(12)) : id.text
        guard let container = decision?.container else { return "container \(short)" }
        let name = container.name.map { " (\(container.namespace.map { $0 + "/" } ?? "")\($0))" } ?? ""
        return "\(container.engine == .other ? "container" : container.engine.rawValue) \(short)\(name)"
    }

    /// Whether it has CPUs of its own, by all that is known.
    var isExclusive: Bool { decision.map(\.ownership.isOwner) ?? false }

    /// Whether its configuration has rtshield's hook.
    var hasHook: Bool {
        let stages = decision?.container.spec.hooks?.members ?? []
        return stages.contains { stage in
            guard case .array(let hooks) = stage.value.content else { return false }
            return hooks.contains { hook in
                hook["path"]?.text.map { Programs.isPath($0, to: Programs.hookName) } ?? false
            }
        }
    }

    /// The command that has its engine call the hook.
    var install: String {
        switch decision?.container.engine {
        case .docker: "rtshield install docker, then make the container anew with --runtime rtshield"
        case .podman: "rtshield install podman, then start the container again"
        case .crio: "rtshield install crio, then start the pod again"
        case .containerd: "rtshield install containerd, then start the pod again with runtimeClassName: rtshield"
        case .other, nil: "put rtshield-hook at createRuntime and poststop into its config.json"
        }
    }
}
