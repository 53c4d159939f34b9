// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import CommandTable
import Configuration
import Containers
import Linux
import MachineKit
import ShieldKit

/// `rtshield explain`: says whether a container has CPUs of its own, why, and what it would be granted.
enum ExplainCommand {
    struct Arguments: Sendable {
        var container = ""
        var isJSON = false
        var kubeletRoot: String?
        var configuration: String?
        var sysroot = "/"

        /// A path of the machine that is looked at.
        func path(_ path: String) -> String { sysroot == "/" ? path : sysroot + path }
    }

    static let description = Command(
        "explain", "Say whether a container has CPUs of its own, and why", Arguments(),
        details: [
            "CONTAINER is the directory of a bundle (a path with a slash), '-' for the state that a runtime hands a hook on "
                + "standard input, or the id of a container of runc, crun, Podman, containerd, Docker or CRI-O; the "
                + "beginning of an id will do. Nothing is changed.",
            "The exit status is 0, and 1 for a container that asks for more than it may have, or that cannot be read.",
        ],
        options: [
            .flag("json", nil, \.isJSON, "Print JSON"),
            .value("kubelet-root", nil, "DIR", \.kubeletRoot, "Where kubelet keeps its state", completion: .directory) {
                $0
            },
            .value("config", nil, "FILE", \.configuration, "Whose limits to judge by", completion: .file) { $0 },
            .value("sysroot", nil, "DIR", \.sysroot, "Look at a recorded machine", completion: .directory) { $0 },
        ],
        operands: .one("CONTAINER", \.container, completion: .directory) { $0 },
        examples: [
            ("rtshield explain 3d0d0d1f", "A running container"),
            ("rtshield explain ./bundle", "A bundle, before it is run"),
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        let container = try ContainerSource(sysroot: arguments.sysroot).container(arguments.container)
        let configuration = try configuration(arguments)
        let decision = Decision(on: container, in: try context(of: container, arguments), by: configuration.policy)
        if arguments.isJSON {
            try Output.write(json: ExplanationPayload(decision))
        } else {
            try Output.write(ExplanationView(decision: decision, style: .current).text)
        }
        return decision.denial == nil ? Exit.done : Exit.refused
    }

    /// What the decision needs: the shield, and kubelet's word on a pod.
    private static func context(of container: Container, _ arguments: Arguments) throws(Failure) -> DecisionContext {
        guard container.isKubernetes else {
            return DecisionContext(shield: try Session.reading(arguments.sysroot).current?.shield)
        }
        // A directory with kubelet's file alone is enough to tell whose CPUs a pod has.
        let shield = (try? Session.reading(arguments.sysroot))?.current?.shield
        do throws(ContainerError) {
            let root = arguments.kubeletRoot ?? arguments.path("/var/lib/kubelet")
            return DecisionContext(kubelet: try ContainerFiles.kubeletCPUs(in: root), shield: shield)
        } catch {
            if arguments.kubeletRoot != nil { throw Failure("\(error)".safeToPrint, status: Exit.refused) }
            Output.note("warning: \(error); going on without it".safeToPrint)
            return DecisionContext(shield: shield)
        }
    }

    /// The limits of the machine; without a configuration those that grant nothing.
    private static func configuration(_ arguments: Arguments) throws(Failure) -> Configuration {
        if let path = arguments.configuration { return try ConfigurationFile.read(path) }
        let path = arguments.path(Configuration.path)
        return try ConfigurationFile.ofMachine(path) ?? Configuration()
    }
}
