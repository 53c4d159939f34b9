// SPDX-License-Identifier: Apache-2.0

import Engines
import JSON
import MachineKit
import Reports
import ShieldKit

/// What Docker's `daemon.json` says of runtimes.
struct DockerFile: Sendable {
    static let path = "/etc/docker/daemon.json"

    /// Nil when Docker has no such file, or it cannot be understood.
    private(set) var document: Node?
    /// Why it cannot be understood, with its place.
    private(set) var fault: String?

    init(_ files: HostFiles) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try files.bytes(of: Self.path)
        } catch {
            if !error.isAbsence { fault = "\(Self.path) cannot be read: \(HostFiles.reason(error))" }
            return
        }
        // Docker takes an empty file for none.
        guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else { return }
        do throws(JSONError) {
            let node = try Node(parsing: bytes, limit: HostFiles.largest)
            if case .object = node.content { document = node } else { fault = "\(Self.path):1:1: not a JSON object" }
        } catch {
            fault = "\(Self.path):\(error)"
        }
    }

    /// What the runtime 'rtshield' starts; nil when there is no such runtime.
    var runtime: String? { document?["runtimes"]?["rtshield"]?["path"]?.text }

    /// The runtime of containers that name none; nil for Docker's own default.
    var defaultRuntime: String? { document?["default-runtime"]?.text }
}

extension Rule {
    private static let runtimesManual = "https://docs.docker.com/engine/daemon/alternative-runtimes/"

    static let dockerFile = Rule(
        "docker-file", .hooks,
        title: "Docker's daemon.json is valid",
        why:
            "dockerd does not start with a file that is not valid JSON, which becomes apparent only at its next start.",
        reference: runtimesManual
    ) { evidence in
        guard let fault = evidence.docker.fault else {
            return evidence.docker.document == nil ? [] : [.ok("\(DockerFile.path) is valid")]
        }
        return [.error(fault, wanted: "a JSON object", fix: "dockerd --validate --config-file \(DockerFile.path)")]
    }

    static let dockerRuntime = Rule(
        "docker-runtime", .hooks,
        title: "Docker has a runtime that calls rtshield's hook",
        why:
            "Docker has no hooks of its own. If the program of a registered runtime is missing, no container that "
            + "requests the runtime starts.",
        reference: runtimesManual
    ) { evidence in
        let docker = evidence.docker
        guard docker.fault == nil else { return [] }
        guard let program = docker.runtime else {
            guard evidence.isUsed, evidence.daemons.runs("dockerd") else { return [] }
            return [
                .note(
                    "Docker has no runtime 'rtshield'", wanted: "the runtime in \(DockerFile.path)",
                    fix: "rtshield install docker")
            ]
        }
        if let fault = evidence.files.fault(ofProgram: program) {
            return [
                .error(
                    "\(DockerFile.path): \(fault), so no container of the runtime 'rtshield' starts",
                    wanted: "the program \(Programs.runtimeName)", fix: "make install; rtshield install docker")
            ]
        }
        if docker.defaultRuntime == "rtshield" { return [.ok("Docker starts containers with \(program)")] }
        return [
            .note(
                "Docker uses \(program) only for containers that request it; the default is "
                    + "\(docker.defaultRuntime ?? "runc")",
                wanted: "\"default-runtime\": \"rtshield\", to keep every other container off the shield as it starts",
                fix: "rtshield install docker --default")
        ]
    }
}
