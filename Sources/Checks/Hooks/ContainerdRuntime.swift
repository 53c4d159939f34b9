// SPDX-License-Identifier: Apache-2.0

import Engines
import MachineKit
import Reports
import ShieldKit

/// What containerd's configuration says of the runtime handlers that start rtshield's runtime.
struct ContainerdRuntime: Sendable {
    static let usualPath = "/etc/containerd/config.toml"

    /// The file that names it, or where it would be named.
    private(set) var path: String
    /// The program of our handler; nil when no handler has it.
    private(set) var program: String?
    /// The line that names it.
    private(set) var line = 0
    /// The annotations of a pod that reach the handler's containers.
    private(set) var annotations: [String] = []
    /// The imported file that keeps containerd from reading the handler; nil when it does.
    private(set) var hidden: String?
    /// What cannot be read.
    private(set) var remarks: [RuleResult] = []

    init(_ files: HostFiles, _ daemons: Daemons) {
        path = Self.main(of: daemons)
        var remarks: [RuleResult] = []
        let all = ContainerdConfiguration(
            path, text: { files.text(of: $0, complaining: &remarks) }, names: files.names(in:))
        self.remarks = remarks
        let assignments = all.parts.flatMap { part in part.outline.assignments.map { (part.path, $0) } }
        let named = assignments.filter { _, assignment in
            assignment.path.last == "BinaryName"
                && assignment.strings.contains { Programs.isPath($0, to: Programs.runtimeName) }
        }
        guard let (file, binary) = named.last(where: { all.counts($0.1.path) }) ?? named.last else { return }
        (path, line, program) = (file, binary.line, binary.strings.first)
        if !all.counts(binary.path) { hidden = all.parts.first { $0.version >= 3 }?.path }
        // The key lies in the handler's table `options`, and the annotations beside that.
        let key = binary.path.dropLast(2) + ["pod_annotations"]
        annotations = assignments.last { $0.1.path == Array(key) }?.1.strings ?? []
    }

    /// The main file of the containerd that runs; one that Docker started has a file in which nothing is for kubelet.
    private static func main(of daemons: Daemons) -> String {
        let named = daemons["containerd"].map { $0.value(of: "--config", "-c") ?? usualPath }
        return named.first { !$0.contains("/run/docker/") } ?? usualPath
    }

    /// Whether an annotation reaches the handler's containers; `*` stops at a slash.
    func lets(through prefix: String) -> Bool {
        annotations.contains { pattern in pattern == "*/*" || pattern == prefix + "/*" || pattern == "*.io/*" }
    }
}

extension Rule {
    private static let criManual = "https://github.com/containerd/containerd/blob/main/docs/cri/config.md"

    static let containerdRuntime = Rule(
        "containerd-runtime", .hooks,
        title: "containerd has a runtime handler that calls rtshield's hook",
        why:
            "containerd has no hooks.d. If the program of a handler is missing, no pod that requests the handler by its "
            + "RuntimeClass starts.",
        reference: criManual
    ) { evidence in
        let containerd = evidence.containerd
        guard let program = containerd.program else {
            guard evidence.isUsed, evidence.daemons.runs("containerd"), evidence.daemons.runs("kubelet") else {
                return containerd.remarks
            }
            return containerd.remarks + [
                .note(
                    "no runtime handler of containerd calls rtshield", wanted: "a handler in \(containerd.path)",
                    fix: "rtshield install containerd")
            ]
        }
        if let hidden = containerd.hidden {
            return [
                .error(
                    "\(containerd.path):\(containerd.line): containerd does not read the handler, because \(hidden) has "
                        + "a later version", wanted: "the same version in all files that containerd reads",
                    fix: "containerd config migrate; rtshield install containerd")
            ]
        }
        guard let fault = evidence.files.fault(ofProgram: program) else {
            return [.ok("containerd has a handler that starts \(program)")]
        }
        return [
            .error(
                "\(containerd.path):\(containerd.line): \(fault), so no pod of that handler starts",
                wanted: "the program \(Programs.runtimeName)", fix: "make install; rtshield install containerd")
        ]
    }

    static let containerdAnnotations = Rule(
        "containerd-annotations", .hooks,
        title: "containerd passes a pod's annotations to rtshield's hook",
        why:
            "Only annotations that match pod_annotations of the handler reach the hook; other requests of a pod have no "
            + "effect.",
        reference: criManual
    ) { evidence in
        let containerd = evidence.containerd
        guard containerd.program != nil else { return [] }
        let missing = ["rtshield.io", "*.crio.io"].filter { !containerd.lets(through: $0) }.map { $0 + "/*" }
        guard !missing.isEmpty else { return [.ok("pod_annotations matches those of rtshield.io and crio.io")] }
        return [
            .warning(
                "\(containerd.path): pod_annotations of rtshield's handler lacks \(missing.joined(separator: ", "))",
                wanted: #"pod_annotations = ["rtshield.io/*", "*.crio.io", "*.crio.io/*"]"#,
                fix: "rtshield install containerd; systemctl restart containerd")
        ]
    }
}
