// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import Engines

@Suite("The file in hooks.d")
struct HookFileTests {
    private static let path = "/usr/share/containers/oci/hooks.d/50-rtshield.json"

    @Test("is what the repository has")
    func same() throws {
        let top = String(#filePath.dropLast("Tests/EnginesTests/HookFileTests.swift".count))
        let bytes = try Data(contentsOf: URL(filePath: top + "hooks.d/50-rtshield.json"))
        #expect(Array(bytes) == Array(HookFile.text(for: try .usual).utf8))
    }

    @Test("is in the form that oci-hooks(5) has")
    func form() throws {
        struct File: Decodable, Equatable {
            struct Hook: Decodable, Equatable {
                var path: String
                var args: [String]
                var timeout: Int
            }
            var version: String
            var hook: Hook
            var when: [String: Bool]
            var stages: [String]
        }
        let file = try JSONDecoder().decode(File.self, from: Data(HookFile.text(for: .init(in: "/opt/rt")).utf8))
        let hook = File.Hook(path: "/opt/rt/rtshield-hook", args: ["rtshield-hook"], timeout: 5)
        let stages = ["createRuntime", "poststop"]
        #expect(file == File(version: "1.0.0", hook: hook, when: ["always": true], stages: stages))
    }

    @Test("is made for either engine, serves both, and goes", arguments: [InstallableEngine.podman, .crio])
    func roundTrip(engine: InstallableEngine) throws {
        let image = try Image(programs: ["rtshield-hook"])
        #expect(try image.install(engine).command == (engine == .crio ? "systemctl restart crio" : nil))
        #expect(image.bytes(of: Self.path) == Array(HookFile.text(for: try .usual).utf8))
        #expect(try image.install(.podman).changes.isEmpty)
        #expect(try image.install(.crio).changes.isEmpty)
        #expect(try image.install(.crio).command == nil)
        #expect(try !image.uninstall(engine).changes.isEmpty)
        #expect(image.bytes(of: Self.path) == nil)
        #expect(try image.uninstall(engine).changes.isEmpty)
    }

    @Test("is written anew where the programs have moved, and left alone where it is of somebody else")
    func others() throws {
        let image = try Image([Self.path: HookFile.text(for: try Programs(in: "/opt/rt"))])
        #expect(try image.install(.podman).changes.count == 1)
        for text in ["{}", "nonsense", #"{"hook": {"path": "/usr/bin/other"}}"#] {
            try image.write(text, to: Self.path)
            #expect(refusal { try image.install(.podman) }?.contains("does not run rtshield-hook") == true)
            #expect(refusal { try image.uninstall(.crio) }?.contains("does not run rtshield-hook") == true)
        }
    }

    @Test("is not written where the engine would not read it")
    func directories() throws {
        let other = "hooks_dir = [\n  \"/etc/containers/oci/hooks.d\", # ours\n]\n"
        let both = "[engine]\nhooks_dir = [\"/srv\", \"/usr/share/containers/oci/hooks.d\"]\n"
        let image = try Image(["/etc/containers/containers.conf": "[engine]\n" + other])
        #expect(refusal { try image.install(.podman) } == "Podman does not read /usr/share/containers/oci/hooks.d")
        #expect(try !InstallableEngine.crio.installing(.usual, on: image.files).changes.isEmpty)
        try image.write(both, to: "/etc/containers/containers.conf.d/10.conf")
        try image.write(other, to: "/etc/containers/containers.conf.d/20.off")
        try image.install(.podman)
        try image.write("[crio.runtime]\n" + other, to: "/etc/crio/crio.conf.d/10-x.conf")
        #expect(refusal { try image.install(.crio) } == "CRI-O does not read /usr/share/containers/oci/hooks.d")
        for path in ["/etc/crio/crio.conf.d/10-x.conf", "/etc/containers/containers.conf.d/30.conf"] {
            try image.write("hooks_dir = []\n", to: path)
        }
        #expect(refusal { try image.install(.crio) } != nil)
        try image.install(.podman)
        try image.write("[crio.runtime]\n# hooks_dir = []\n", to: "/etc/crio/crio.conf.d/10-x.conf")
        try image.install(.crio)
    }

    @Test("a list of Podman's can go on where another ended")
    func appending() throws {
        var directories = HooksDirectories()
        directories.read("hooks_dir = [\"/srv/hooks\", {append = true}]", from: "a")
        #expect(directories.directories == [HookFile.directory, "/srv/hooks"])
        directories.read("hooks_dir = [\"/srv/more\"]", from: "b")
        #expect(directories.directories == [HookFile.directory, "/srv/hooks", "/srv/more"])
        directories.read("hooks_dir = [\"/srv/only\", {append=false}]", from: "c")
        directories.read("hooks_dir = [\"/srv/last\"]", from: "d")
        #expect(directories.directories == ["/srv/last"])
    }
}
