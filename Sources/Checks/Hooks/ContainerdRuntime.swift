// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Engines

/// What containerd's `config.toml` says of the runtime handlers that start rtshield's runtime.
struct ContainerdRuntime: Sendable {
    static let path = "/etc/containerd/config.toml"

    /// Whether there is such a file.
    private(set) var isPresent = false
    /// The program of our handler; nil when no handler has it.
    private(set) var program: String?
    /// The line that names it.
    private(set) var line = 0
    /// The annotations of a pod that reach the handler's containers.
    private(set) var annotations: [String] = []
    /// What cannot be read.
    private(set) var remarks: [Remark] = []

    init(_ files: HostFiles) {
        guard let text = files.text(of: Self.path, complaining: &remarks) else { return }
        isPresent = true
        let outline = TOMLOutline(text)
        guard
            let named = outline.assignments.last(where: { assignment in
                assignment.path.last == "BinaryName"
                    && assignment.strings.contains { Programs.isPath($0, to: Programs.runtimeName) }
            })
        else { return }
        program = named.strings.first
        line = named.line
        // The key lies in the handler's table `options`, and the annotations beside that.
        let handler = named.path.dropLast(2)
        annotations = outline.assignments.last { $0.path == handler + ["pod_annotations"] }?.strings ?? []
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
            "containerd has no hooks.d. A handler whose program is not there keeps every pod from starting that asks for it "
            + "by its RuntimeClass.",
        reference: criManual
    ) { evidence in
        let containerd = evidence.containerd
        guard let program = containerd.program else {
            guard evidence.isUsed, evidence.daemons.runs("containerd"), evidence.daemons.runs("kubelet") else {
                return containerd.remarks
            }
            return containerd.remarks + [
                .note(
                    "no runtime handler of containerd calls rtshield", wanted: "a handler in \(ContainerdRuntime.path)",
                    fix: "rtshield install containerd")
            ]
        }
        guard let fault = evidence.files.fault(ofProgram: program) else {
            return [.ok("containerd has a handler that starts \(program)")]
        }
        return [
            .error(
                "\(ContainerdRuntime.path):\(containerd.line): \(fault), so no pod of that handler starts",
                wanted: "the program \(Programs.runtimeName)", fix: "make install; rtshield install containerd")
        ]
    }

    static let containerdAnnotations = Rule(
        "containerd-annotations", .hooks,
        title: "containerd hands a pod's annotations to rtshield's hook",
        why:
            "Only what pod_annotations of the handler matches reaches the hook; a pod that asks for more gets nothing.",
        reference: criManual
    ) { evidence in
        let containerd = evidence.containerd
        guard containerd.program != nil else { return [] }
        let missing = ["rtshield.io", "*.crio.io"].filter { !containerd.lets(through: $0) }.map { $0 + "/*" }
        guard !missing.isEmpty else { return [.ok("pod_annotations lets rtshield.io and crio.io through")] }
        return [
            .warning(
                "\(ContainerdRuntime.path): pod_annotations of rtshield's handler lacks \(missing.joined(separator: ", "))",
                wanted: #"pod_annotations = ["rtshield.io/*", "*.crio.io", "*.crio.io/*"]"#,
                fix: "rtshield install containerd; systemctl restart containerd")
        ]
    }
}
