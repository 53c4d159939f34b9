// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import OCIHook

@testable import MachineKit
@testable import ShieldKit

/// A container as its runtime shows it to the hook.
struct ShownContainer {
    var id: String
    /// Further members of its configuration.
    var annotations: [String: String] = [:]
    /// The CPUs that it asks for by number.
    var cpus = ""
    /// Where its engine has its groups.
    var parent = "/docker"

    /// The text of its configuration.
    var configuration: String {
        let annotations = annotations.map { #""\#($0)": "\#($1)""# }.joined(separator: ", ")
        return """
            {"ociVersion": "1.2.1", "process": {"args": ["sh"]}, "annotations": {\(annotations)},
             "linux": {"resources": {"cpu": {"cpus": "\(cpus)"}}, "cgroupsPath": "\(parent)/\(id)"}}
            """
    }

    var container: Container {
        get throws { Container(try Spec(reading: Array(configuration.utf8)), id: ContainerID(id)) }
    }
}

extension ScriptedMachine {
    private func invocation(caller: Int32 = 1) throws -> HookInvocation {
        HookInvocation(on: self, summary: try HostSummary(at: self), caller: caller)
    }

    /// Starts a container up to where its runtime calls the hook.
    func launch(_ shown: ShownContainer, process: Int32) throws {
        let path = "\(shown.parent)/\(shown.id)"
        try add(group: path, cpus: shown.cpus.isEmpty ? nil : shown.cpus)
        add(task: process, "runc:[2:INIT]", in: path)
    }

    /// Starts a container up to where its runtime calls the hook, and calls it.
    ///
    /// - Returns: What the hook has to say.
    @discardableResult
    func start(
        _ shown: ShownContainer, process: Int32, kubelet: KubeletCPUs? = nil,
        policy: ContainerPolicy = ContainerPolicy(), caller: Int32 = 1
    ) throws -> [String] {
        try launch(shown, process: process)
        return try invocation(caller: caller).start(
            try shown.container, process: process, by: policy, kubelet: kubelet)
    }

    /// Calls the hook for the end of a container.
    func stop(_ id: String) throws {
        guard let id = ContainerID(id) else { throw Errno.invalidArgument }
        try invocation().end(id)
    }
}
