// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Engines

@Suite("What containerd reads")
struct ContainerdConfigurationTests {
    private static let main = "/etc/containerd/config.toml"
    private static let old =
        "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options]\nSystemdCgroup = true\n"
    private static let new = old.replacing("grpc.v1.cri", with: "cri.v1.runtime")

    private func configuration(_ texts: [String: String]) -> ContainerdConfiguration {
        ContainerdConfiguration(
            Self.main, text: { texts[$0] },
            names: { directory in
                texts.keys.filter { $0.hasPrefix(directory + "/") }.map { String($0.dropFirst(directory.count + 1)) }
                    .sorted()
            })
    }

    private func paths(_ imports: String, _ others: String...) -> [String] {
        var texts = [Self.main: "version = 3\nimports = [\(imports)]\n"]
        for other in others { texts[other] = "" }
        return configuration(texts).parts.map(\.path)
    }

    @Test("is the file and what that imports: by path, by pattern, and relative to it, each once")
    func imports() {
        #expect(configuration([:]).parts.isEmpty)
        #expect(paths("\"/srv/b\", '/srv/a'", "/srv/a", "/srv/b") == [Self.main, "/srv/b", "/srv/a"])
        #expect(
            paths(
                "\"/etc/containerd/conf.d/*.toml\"", "/etc/containerd/conf.d/b.toml", "/etc/containerd/conf.d/a.toml",
                "/etc/containerd/conf.d/c.txt")
                == [Self.main, "/etc/containerd/conf.d/a.toml", "/etc/containerd/conf.d/b.toml"])
        #expect(
            paths(
                "'runtime_*.toml', './debug.toml', 'more/x.toml'", "/etc/containerd/runtime_1.toml",
                "/etc/containerd/debug.toml", "/etc/containerd/more/x.toml")
                == [
                    Self.main, "/etc/containerd/runtime_1.toml", "/etc/containerd/debug.toml",
                    "/etc/containerd/more/x.toml",
                ])
        #expect(paths("'/srv/missing', '\(Self.main)'") == [Self.main])
    }

    @Test("goes on in what an imported file imports, and ends where files import each other")
    func nested() {
        let texts = [
            Self.main: "version = 2\nimports = ['/srv/a']", "/srv/a": "imports = ['b', '\(Self.main)']",
            "/srv/b": "imports = ['a']",
        ]
        #expect(configuration(texts).parts.map(\.path) == [Self.main, "/srv/a", "/srv/b"])
    }

    @Test(
        "has the highest version of all files decide which name of the CRI plugin counts, as containerd 2.1.9 has it",
        arguments: [
            ("version = 2", old, 1), ("version = 2", "version = 2\n" + old, 1),
            ("version = 2", "version = 3\n" + old, 0),
            ("version = 2", "version = 3\n" + new, 1), ("version = 3", old, 0),
            ("version = 3", "version = 2\n" + old, 0),
            ("version = 3", new, 1), ("version = 3", "version = 3\n" + new, 1),
            ("version = 4", "version = 3\n" + new, 1),
        ])
    func names(first: String, imported: String, count: Int) {
        let all = configuration([Self.main: first + "\nimports = ['/srv/a']\n", "/srv/a": imported])
        #expect(all.assignments.count { $0.assignment.path.last == "SystemdCgroup" } == count)
        #expect((all.newer?.path == "/srv/a") == (first == "version = 2" && imported.hasPrefix("version = 3")))
    }
}
