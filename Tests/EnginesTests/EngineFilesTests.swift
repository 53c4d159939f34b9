// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux
import Testing
import Text

@testable import Engines

@Suite("The files of engines")
struct EngineFilesTests {
    private static let path = "/etc/docker/daemon.json"

    @Test("no engine is told of a program that is not there", arguments: InstallableEngine.allCases)
    func missing(engine: InstallableEngine) throws {
        let image = try Image(programs: ["rtshield-runtime"])
        let what = refusal { try image.install(engine) }
        #expect(what == "there is no program rtshield-hook in \(image.path)/usr/local/sbin")
        chmod(image.path + "/usr/local/sbin/rtshield-runtime", 0o644)
        #expect(refusal { try image.install(.docker) }?.contains("no program rtshield-runtime") == true)
        #expect(try image.uninstall(engine).changes.isEmpty)
    }

    @Test("a file keeps its permissions")
    func permissions() throws {
        let image = try Image([Self.path: "{}"])
        chmod(image.path + Self.path, 0o602)
        try image.install(.docker)
        #expect(try FileDescriptor.open(image.path + Self.path, .reading).status().permissions == 0o602)
    }

    @Test("a symbolic link is read, and left to whoever made it")
    func link() throws {
        let image = try Image(["/etc/docker/real.json": #"{"debug":true}"#])
        symlink("real.json", image.path + Self.path)
        #expect(try InstallableEngine.docker.installing(.usual, on: image.files).changes.count == 1)
        #expect(refusal { try image.install(.docker) }?.contains("is a symbolic link") == true)
        #expect(image.bytes(of: "/etc/docker/real.json") == Array(#"{"debug":true}"#.utf8))
    }

    @Test("no link leads out of an image")
    func confined() throws {
        let image = try Image()
        mkdir(image.path + "/etc", 0o755)
        symlink("/etc/docker", image.path + "/etc/docker")
        #expect(refusal { try image.install(.docker) } == "cannot read \(image.path)\(Self.path)")
    }

    @Test("what somebody else wrote meanwhile is not lost")
    func meanwhile() throws {
        let image = try Image([Self.path: "{}"])
        let setup = try InstallableEngine.docker.installing(.usual, on: image.files)
        try image.write(#"{"debug":true}"#, to: Self.path)
        #expect(
            refusal { for change in setup.changes { try image.files.perform(change) } }?.contains("meanwhile") == true)
        #expect(image.bytes(of: Self.path) == Array(#"{"debug":true}"#.utf8))
    }

    @Test(
        "programs whose directory a configuration cannot hold as it is are refused",
        arguments: ["a", "/a\"b", "/a\\", "/\n"])
    func directories(name: String) {
        #expect(throws: Problem.self) { try Programs(in: name) }
    }

    @Test("a program in an image is called as the image has it")
    func inside() {
        #expect(EngineFiles(root: "/srv/image/").inside("/srv/image/usr/sbin") == "/usr/sbin")
        #expect(EngineFiles(root: "/srv/image").inside("/usr/sbin") == "/usr/sbin")
        #expect(EngineFiles(root: "/").inside("/usr/sbin") == "/usr/sbin")
        #expect(EngineFiles(root: "/").location(of: "/etc/x") == "/etc/x")
    }
}
