// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// What is checked of the ways in which engines call rtshield.
    static let hooksRules: [Rule] = [
        .hookFiles, .hookPrograms, .hookConditions, .hookTime, .hookInstalled, .programOwners,
        .dockerFile, .dockerRuntime, .containerdRuntime, .containerdAnnotations, .crioAnnotations,
    ]
}

extension Rule {
    /// The form of the files in hooks.d.
    static let hooksManual =
        "https://github.com/containers/podman/blob/e83a1b87da0c2b88ebd69828a79d4b9ecf11b0dc/pkg/hooks/docs/oci-hooks.5.md"
}
