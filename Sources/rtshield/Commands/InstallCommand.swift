// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import CommandTable
import Engines
import Linux
import MachineKit
import ShieldKit
import Text

/// `rtshield install`: has a container engine run the hook.
enum InstallCommand {
    struct Arguments: Sendable {
        var engine = ""
        var isDryRun = false
        var isDefault = false
        var root = "/"
    }

    /// What Kubernetes is called among the engines; it is told of rtshield by a manifest, not by a file of this machine.
    static let cluster = "kubernetes"
    static let engines = InstallableEngine.allCases.map(\.rawValue) + [cluster]

    static let description = Command(
        "install", "Make a container engine run the hook", Arguments(),
        details: [
            "Adds the hook to the engine's own configuration and keeps everything else; 'rtshield uninstall' removes "
                + "exactly what was added. Podman and CRI-O get a file in hooks.d, Docker a runtime in daemon.json, "
                + "containerd a runtime handler in config.toml. For Kubernetes the manifest of a RuntimeClass is printed, "
                + "and nothing is written.",
            "The configuration names the directory of this program; rtshield-hook and rtshield-runtime must be in the "
                + "same directory. No engine is restarted; the command that is left to run is printed. Running install "
                + "again changes nothing.",
        ],
        options: [
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .flag("default", nil, \.isDefault, "Docker: make it the default runtime"),
            .value("root", nil, "DIR", \.root, "Change the files below DIR", completion: .directory) { $0 },
        ],
        operands: .one("ENGINE", \.engine, completion: .oneOf(engines)) { $0 },
        examples: [
            ("rtshield install docker --dry-run", "Preview the changes"),
            ("rtshield install kubernetes | kubectl apply -f -", "Create the RuntimeClass"),
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        let isDocker = arguments.engine == InstallableEngine.docker.rawValue
        if arguments.isDefault, !isDocker {
            throw Failure(
                "install: --default is for docker only",
                why: "the others run the hook for every container, or by RuntimeClass",
                status: Exit.usage)
        }
        guard let engine = InstallableEngine(rawValue: arguments.engine) else {
            try Output.write(RuntimeClass.manifest)
            return Exit.done
        }
        let files = EngineFiles(root: arguments.root)
        var setup = try engine.installing(try programs(on: files), on: files, asDefault: arguments.isDefault)
        if isDocker, !arguments.isDefault {
            setup.remarks.append("--default makes it the runtime of all new containers")
        }
        if !arguments.isDryRun { try files.perform(setup) }
        try Output.render(
            SetupReport(
                setup, files: files, isDryRun: arguments.isDryRun, whenDone: "\(arguments.engine) is set up already"))
        return Exit.done
    }

    /// Where this program is, and the others with it, as the machine that is set up calls it.
    private static func programs(on files: EngineFiles) throws(Problem) -> Programs {
        let path = (try? CurrentProcess.programPath()) ?? Programs.usualDirectory + "/rtshield"
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return try Programs(in: files.inside(String(path[..<end])))
    }
}

/// `rtshield uninstall`: takes out of an engine's configuration what `install` added.
enum UninstallCommand {
    struct Arguments: Sendable {
        var engine = ""
        var isDryRun = false
        var root = "/"
    }

    static let description = Command(
        "uninstall", "Remove what install added to an engine", Arguments(),
        details: [
            "Everything else in the engine's configuration stays as it is, byte for byte; a file that 'rtshield install' "
                + "created is removed. No engine is restarted; the command that is left to run is printed."
        ],
        options: [
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .value("root", nil, "DIR", \.root, "Change the files below DIR", completion: .directory) { $0 },
        ],
        operands: .one("ENGINE", \.engine, completion: .oneOf(InstallCommand.engines)) { $0 },
        examples: [("rtshield uninstall docker", "Before the programs are removed")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        guard let engine = InstallableEngine(rawValue: arguments.engine) else {
            try Output.write("Nothing was written for Kubernetes.\nTo do: kubectl delete runtimeclass rtshield\n")
            return Exit.done
        }
        let files = EngineFiles(root: arguments.root)
        let setup = try engine.removing(from: files)
        if !arguments.isDryRun { try files.perform(setup) }
        try Output.render(
            SetupReport(
                setup, files: files, isDryRun: arguments.isDryRun,
                whenDone: "\(arguments.engine) is not set up for rtshield"))
        return Exit.done
    }
}
