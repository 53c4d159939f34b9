// SPDX-License-Identifier: Apache-2.0

import Text

/// How containerd under kubelet is told of rtshield: with a runtime handler in its configuration.
struct ContainerdSetup: EngineSetup {
    let files: EngineFiles

    func installing(_ programs: Programs) throws(Problem) -> Setup {
        let old = try files.text(of: ContainerdFile.path)
        let file = try ContainerdFile(old)
        let all = try ContainerdConfiguration(
            ContainerdFile.path, text: files.text(of:), names: files.names(in:))
        let new = try file.installing(programs, within: all)
        return setup(
            FileChange(ContainerdFile.path, from: old, to: new),
            remarks: [
                "a pod requests it with 'runtimeClassName: rtshield', once the RuntimeClass is applied"
            ]
                + (file.hasImports ? [Self.imports] : []))
    }

    func removing() throws(Problem) -> Setup {
        let old = try files.text(of: ContainerdFile.path)
        return setup(
            FileChange(ContainerdFile.path, from: old, to: try ContainerdFile(old).removing),
            remarks: ["pods with 'runtimeClassName: rtshield' no longer start on this node"])
    }

    private func setup(_ change: FileChange?, remarks: [String]) -> Setup {
        Setup(changes: [change].compactMap(\.self), command: "systemctl restart containerd", remarks: remarks)
    }

    private static let imports =
        "\(ContainerdFile.path) imports other files: before containerd 2.0 a file that configures the CRI plugin "
        + "replaces everything that this file says about it; 'containerd config dump' shows whether the runtime is present"
}
