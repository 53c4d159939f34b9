// SPDX-License-Identifier: Apache-2.0

import Text

/// How Docker, which has no hooks of its own, is told of rtshield: with a runtime that puts the hook in.
struct DockerSetup: EngineSetup {
    let files: EngineFiles
    /// Whether containers that name no runtime get ours too.
    let isDefault: Bool

    func installing(_ programs: Programs) throws(Problem) -> Setup {
        let old = try files.text(of: DaemonFile.path)
        let new = try DaemonFile(old).installing(programs, isDefault: isDefault)
        // Runtimes and the default are among what dockerd reads again (daemon/reload_unix.go in 20.10).
        return Setup(
            changes: [FileChange(DaemonFile.path, from: old, to: new)].compactMap(\.self),
            command: "systemctl reload docker",
            remarks: [
                isDefault
                    ? "existing containers keep the runtime that they were created with"
                    : "'docker run --runtime rtshield' requests it"
            ])
    }

    func removing() throws(Problem) -> Setup {
        let old = try files.text(of: DaemonFile.path)
        // What a file no longer says, a reload of 20.10 leaves as it was.
        return Setup(
            changes: [FileChange(DaemonFile.path, from: old, to: try DaemonFile(old).removing())].compactMap(\.self),
            command: "systemctl restart docker",
            remarks: ["containers that were created with the runtime 'rtshield' do not start without it: recreate them"]
        )
    }
}
