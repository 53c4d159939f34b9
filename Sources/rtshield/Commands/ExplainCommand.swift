// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import CommandTable
import Configuration
import Containers
import Linux
import MachineKit
import ShieldKit
import Text

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
        "explain", "Explain whether a container has exclusive CPUs", Arguments(),
        details: [
            "CONTAINER is the directory of a bundle (a path with a slash), '-' for a container state on standard input, "
                + "as runtimes pass it to hooks, or the id of a container of runc, crun, Podman, containerd, Docker or "
                + "CRI-O; the beginning of an id is enough. Changes nothing.",
            "The exit status is 1 for a container that requests more than it may have or that cannot be read, and 0 otherwise.",
        ],
        options: [
            .flag("json", nil, \.isJSON, "Print JSON"),
            .value("kubelet-root", nil, "DIR", \.kubeletRoot, "Directory of kubelet's state", completion: .directory) {
                $0
            },
            .value("config", nil, "FILE", \.configuration, "Use the limits in FILE", completion: .file) { $0 },
            .value("sysroot", nil, "DIR", \.sysroot, "Read a recorded machine", completion: .directory) { $0 },
        ],
        operands: .one("CONTAINER", \.container, completion: .directory) { $0 },
        examples: [
            ("rtshield explain 3d0d0d1f", "A running container"),
            ("rtshield explain ./bundle", "A bundle, before it is run"),
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        let container = try ContainerSource(sysroot: arguments.sysroot).container(arguments.container)
        let configuration = try configuration(arguments)
        let decision = Decision(on: container, in: try context(of: container, arguments), by: configuration.policy)
        try Output.render(
            ExplanationView(decision: decision, style: .current), as: OutputForm(isJSON: arguments.isJSON))
        return decision.denial == nil ? Exit.done : Exit.refused
    }

    /// What the decision needs: the shield, and kubelet's word on a pod.
    private static func context(of container: Container, _ arguments: Arguments) throws -> DecisionContext {
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
            Output.note("warning: \(error); continuing without it".safeToPrint)
            return DecisionContext(shield: shield)
        }
    }

    /// The limits of the machine; without a configuration those that grant nothing.
    private static func configuration(_ arguments: Arguments) throws(Failure) -> Configuration {
        if let path = arguments.configuration { return try ConfigurationFile.read(path) }
        return try ConfigurationFile.ofMachine(arguments.path(Configuration.path))
    }
}

extension ExplanationView: Printable {
    func text(_ style: Style) -> String { ExplanationView(decision: decision, style: style).text }

    func encode(to encoder: any Encoder) throws { try ExplanationPayload(decision).encode(to: encoder) }
}
