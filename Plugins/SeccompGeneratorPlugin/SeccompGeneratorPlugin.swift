// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackagePlugin

/// Has `seccomp-generator` write a source file of the target in each build, so that it cannot differ from the policy.
@main
struct SeccompGeneratorPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let source = context.pluginWorkDirectoryURL.appending(path: "HookInstructions.swift")
        return [
            .buildCommand(
                displayName: "Translating the hook's seccomp policy",
                executable: try context.tool(named: "seccomp-generator").url,
                arguments: [source.path(percentEncoded: false)],
                outputFiles: [source])
        ]
    }
}
