// SPDX-License-Identifier: Apache-2.0

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
