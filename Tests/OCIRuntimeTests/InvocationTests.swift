// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OCIRuntime

@Suite("The command line of a runtime")
struct InvocationTests {
    private func invocation(_ line: String) -> RuntimeInvocation {
        RuntimeInvocation(line.split(separator: " ").map { $0 == "''" ? "" : String($0) })
    }

    private func path(_ line: String) -> String? { invocation(line).configuration?.path }

    private static let task = "/run/containerd/io.containerd.runtime.v2.task/moby/3d0d"

    @Test("containerd's shim creates containers, for Docker and for Kubernetes")
    func shim() {
        let moby =
            "--root /var/run/docker/runtime-runc/moby --log \(Self.task)/log.json --log-format json --systemd-cgroup"
        let docker = invocation("\(moby) create --bundle \(Self.task) --pid-file \(Self.task)/init.pid 3d0d")
        #expect(docker.configuration?.path == "\(Self.task)/config.json")
        #expect(docker.log == .init(path: "\(Self.task)/log.json", isJSON: true))
        let tty = "--console-socket /tmp/pty1/pty.sock --no-pivot"
        #expect(path("\(moby) create --bundle /b --pid-file /b/init.pid \(tty) 3d0d") == "/b/config.json")
        let restore =
            "restore --image-path /i --work-path /w --tcp-established --empty-ns network --bundle /b --detach x"
        #expect(path("\(moby) \(restore)") == "/b/config.json")
        for other in ["start 3d0d", "kill 3d0d 9", "delete --force 3d0d", "exec --process /p 3d0d", "state 3d0d"] {
            #expect(invocation("\(moby) \(other)").configuration == nil)
            #expect(invocation("\(moby) \(other)").unknownOption == nil)
        }
    }

    @Test("conmon creates containers, for Podman and CRI-O")
    func conmon() {
        let podman = invocation("--log-format=json --log=/run/o.log create --bundle /b/userdata --pid-file /p 3d0d")
        #expect(podman.configuration?.path == "/b/userdata/config.json")
        #expect(podman.log == .init(path: "/run/o.log", isJSON: true))
        #expect(
            path("--cgroup-manager systemd --root=/run/crun create --bundle /b --pid-file /p --no-new-keyring 3d0d")
                == "/b/config.json")
    }

    @Test(
        "a person names the bundle in every way that a runtime takes",
        arguments: [
            ("run x", "./config.json"), ("run -b d x", "d/config.json"), ("run -bd x", "d/config.json"),
            ("run --bundle d x", "d/config.json"), ("run --bundle=d x", "d/config.json"),
            ("run -bundle d x", "d/config.json"), ("run -b=d x", "d/config.json"), ("run --b d x", "d/config.json"),
            ("run -d --keep --bundle d/ x", "d/config.json"), ("run x --bundle d", "d/config.json"),
            ("run -b a -b d x", "d/config.json"), ("run --bundle '' x", "./config.json"),
            ("run --pid-file -b x", "./config.json"), ("run --preserve-fds 2 -b d x", "d/config.json"),
            ("run -- -b d", "./config.json"), ("-- run -b d x", "d/config.json"),
            ("run --detach=false --unheard-of -b d x", "d/config.json"), ("run --bundle", "./config.json"),
            ("run", "./config.json"), ("run -b / x", "/config.json"),
        ])
    func bundles(line: String, path: String) { #expect(self.path(line) == path) }

    @Test(
        "another file is the configuration if runc or crun is told so",
        arguments: [
            ("run --config /c/x.json -b d x", "/c/x.json"), ("run -f /x.json x", "/x.json"),
            ("run -f/c/x.json x", "/c/x.json"), ("run --config=x.json -b d x", "d/x.json"),
            ("run --config c/x.json -b d x", "d/c/x.json"), ("run --config '' -b d x", "d/config.json"),
        ])
    func files(line: String, path: String) { #expect(self.path(line) == path) }

    @Test(
        "options of runc and crun before the command are passed over",
        arguments: [
            "--debug", "--debug=true", "--systemd-cgroup", "-debug", "--root create", "--criu run", "--rootless true",
            "--log-level debug", "--cgroup-manager cgroupfs", "--unheard=of", "-root /r", "--log-format=text",
        ])
    func globals(options: String) { #expect(path("\(options) create -b d x") == "d/config.json") }

    @Test(
        "everything else is the real runtime's business",
        arguments: [
            "", "list", "spec -b d", "features", "--version", "-v", "--help create x", "-h", "-", "--root", "creat",
        ])
    func others(line: String) {
        #expect(invocation(line).configuration == nil)
        #expect(invocation(line).unknownOption == nil)
    }

    @Test("an option that nobody knows may have a value, so that the command cannot be told")
    func unknown() {
        #expect(invocation("--colour create run").configuration == nil)
        #expect(invocation("--colour create run").unknownOption == "colour")
        #expect(invocation("run --colour create").unknownOption == nil)
    }

    @Test("errors are told in the kind of log that was asked for")
    func logs() {
        #expect(invocation("--log /l run x").log == .init(path: "/l"))
        #expect(invocation("--log-format json run x").log == .init(path: "", isJSON: true))
        #expect(invocation("--log-format json --log-format text --log /l run x").log == .init(path: "/l"))
        #expect(invocation("run --log /l x").log == nil)
    }
}
