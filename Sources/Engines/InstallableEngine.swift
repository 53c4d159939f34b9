// SPDX-License-Identifier: Apache-2.0

import Containers
package import Text

/// An engine that can be told of rtshield.
package enum InstallableEngine: String, CaseIterable, Sendable {
    /// Docker, through a runtime of its own.
    case docker
    /// Podman, through a hook.
    case podman
    /// CRI-O, through the same hook.
    case crio
    /// containerd under kubelet, through a runtime handler.
    case containerd
}

extension InstallableEngine {
    /// What installing would change; the programs have to be there.
    ///
    /// - Parameters:
    ///   - programs: Where the programs are.
    ///   - files: The machine.
    ///   - asDefault: Whether containers that name no runtime get ours too; only Docker can be told so.
    /// - Returns: What to do, which is nothing where all is as it should be.
    /// - Throws: ``Problem`` where the engine's configuration says something else, or cannot be understood.
    package func installing(
        _ programs: Programs, on files: EngineFiles, asDefault: Bool = false
    ) throws(Problem) -> Setup {
        try check(programs, on: files)
        return try setup(on: files, asDefault: asDefault).installing(programs)
    }

    /// What uninstalling would change.
    package func removing(from files: EngineFiles) throws(Problem) -> Setup {
        try setup(on: files, asDefault: false).removing()
    }

    private func setup(on files: EngineFiles, asDefault: Bool) -> any EngineSetup {
        switch self {
        case .docker: DockerSetup(files: files, isDefault: asDefault)
        case .podman: HookSetup(files: files, engine: .podman)
        case .crio: HookSetup(files: files, engine: .crio)
        case .containerd: ContainerdSetup(files: files)
        }
    }

    /// Refuses to name a program that is not there.
    private func check(_ programs: Programs, on files: EngineFiles) throws(Problem) {
        let needed =
            switch self {
            case .podman, .crio: [Programs.hookName]
            case .docker, .containerd: [Programs.runtimeName, Programs.hookName]
            }
        for name in needed where !files.hasProgram(programs.directory + "/" + name) {
            throw Problem(
                "there is no program \(name) in \(files.location(of: programs.directory))",
                why:
                    "engines silently skip a missing hook, and start no container whose runtime is missing",
                fix: "install it beside rtshield first")
        }
    }
}

/// What it takes to set an engine up, or to undo that: decided, and not yet done.
package struct Setup: Sendable {
    /// The files that change; none where all is as it should be.
    package var changes: [FileChange] = []
    /// The one command that makes the engine notice; nil where it notices by itself.
    package var command: String?
    /// What a person should know beside.
    package var remarks: [String] = []
}

/// How one engine is told of rtshield.
protocol EngineSetup {
    /// What installing would change.
    func installing(_ programs: Programs) throws(Problem) -> Setup
    /// What uninstalling would change.
    func removing() throws(Problem) -> Setup
}

/// Where the programs are that an engine is told of: all in the directory of `rtshield` itself.
package struct Programs: Hashable, Sendable {
    /// Where they are unless somebody builds them with another prefix.
    package static let usualDirectory = "/usr/local/sbin"
    /// The name of the hook.
    package static let hookName = HookRegistration.program
    /// The name of the runtime that puts the hook into each container.
    package static let runtimeName = "rtshield-runtime"

    /// The directory, as it is called on the machine that is set up.
    package let directory: String

    /// - Throws: ``Problem`` for a path that not every configuration can hold as it is.
    package init(in directory: String) throws(Problem) {
        let isPlain = directory.unicodeScalars.allSatisfy {
            $0 != "\"" && $0 != "\\" && $0.properties.generalCategory != .control
        }
        guard directory.hasPrefix("/"), isPlain else {
            throw Problem(
                "the programs are in a directory whose name cannot be written to an engine's configuration",
                why: "it is not absolute, or holds quotes, backslashes or control characters",
                fix: "install them in \(Self.usualDirectory)")
        }
        self.directory = directory
    }

    /// The path of the hook.
    var hook: String { directory + "/" + Self.hookName }
    /// The path of the runtime.
    var runtime: String { directory + "/" + Self.runtimeName }

    /// Whether a path that a configuration names is one of ours, wherever it was installed.
    package static func isPath(_ path: String, to name: String) -> Bool {
        path.split(separator: "/").last.map(String.init) == name
    }
}

/// What tells a Kubernetes cluster of the handler that containerd has on a node.
package enum RuntimeClass {
    /// The manifest, for `kubectl apply`.
    package static let manifest = """
        # For nodes with containerd, after 'rtshield install containerd' on each of them.
        # CRI-O runs the hook for every pod ('rtshield install crio') and needs no RuntimeClass.
        apiVersion: node.k8s.io/v1
        kind: RuntimeClass
        metadata:
          name: rtshield
        handler: rtshield

        """
}
