// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Testing

@testable import Engines

@Suite("containerd's config.toml")
struct ContainerdFileTests {
    private static let path = "/etc/containerd/config.toml"
    private static let systemd = """
        version = 3
        [plugins.'io.containerd.cri.v1.runtime'.containerd]
          default_runtime_name = 'runc'
          [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
            runtime_type = 'io.containerd.runc.v2'
            [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
              SystemdCgroup = true # as kubelet

        """

    private static func texts() throws -> [String] {
        [
            try fixture("containerd-1.6-debian.toml"), try fixture("containerd-1.6-default.toml"),
            try fixture("containerd-2.1-default.toml"), systemd,
            String(systemd.dropLast()), systemd.replacing("\n", with: "\r\n"), systemd + "\n\n# the end",
        ]
    }

    @Test("gets the handler, and comes back byte for byte")
    func roundTrip() throws {
        for text in try Self.texts() {
            let image = try Image([Self.path: text])
            #expect(try image.install(.containerd).command == "systemctl restart containerd")
            let installed = try image.text(of: Self.path).utf8
            #expect(installed.starts(with: text.utf8) && installed.count > text.utf8.count + 300)
            #expect(try image.install(.containerd).changes.isEmpty)
            try image.uninstall(.containerd)
            #expect(image.bytes(of: Self.path) == Array(text.utf8))
            #expect(try image.uninstall(.containerd).changes.isEmpty)
        }
    }

    @Test("gets the default runtime beside ours where it names none: containerd 1.6 forgets it otherwise")
    func debian() throws {
        let text = try fixture("containerd-1.6-debian.toml")
        let installed = try ContainerdFile(text).installing(.usual)
        #expect(
            installed.dropFirst(text.count) == """

                # rtshield: begin
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                  runtime_type = "io.containerd.runc.v2"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.rtshield]
                  runtime_type = "io.containerd.runc.v2"
                  pod_annotations = ["rtshield.io/*", "*.crio.io", "*.crio.io/*"]
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.rtshield.options]
                  BinaryName = "/usr/local/sbin/rtshield-runtime"
                # rtshield: end

                """)
    }

    @Test("has version 3 name the plugin otherwise, and takes over the cgroup driver")
    func systemd() throws {
        let installed = try ContainerdFile(Self.systemd).installing(.usual)
        let block = installed.dropFirst(Self.systemd.count)
        #expect(block.contains(#"[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.rtshield.options]"#))
        #expect(block.hasSuffix("  SystemdCgroup = true\n# rtshield: end\n"))
        #expect(!block.contains(".runc]"))
        let other = Self.systemd.replacing("SystemdCgroup = true", with: "# SystemdCgroup = true")
        #expect(try !ContainerdFile(other).installing(.usual).dropFirst(other.count).contains("SystemdCgroup"))
    }

    @Test("is what containerd 2.1 prints as its defaults, which name a runtime already")
    func current() throws {
        let text = try fixture("containerd-2.1-default.toml")
        let block = try ContainerdFile(text).installing(.usual).dropFirst(text.count)
        #expect(block.contains(#"[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.rtshield.options]"#))
        #expect(!block.contains(".runc]") && !block.contains("SystemdCgroup") && !block.contains("version"))
    }

    @Test("is made where there is none, and goes again")
    func absent() throws {
        let image = try Image()
        try image.install(.containerd)
        let installed = try image.text(of: Self.path)
        #expect(installed.hasPrefix("# rtshield: begin\nversion = 2\n[plugins."))
        #expect(try image.install(.containerd).changes.isEmpty)
        try image.uninstall(.containerd)
        #expect(image.bytes(of: Self.path) == nil)
    }

    @Test("gets new lines in the place of old ones, and keeps what was put behind them")
    func changed() throws {
        let old = try ContainerdFile(Self.systemd).installing(Programs(in: "/opt/rt"))
        let new = try ContainerdFile(old + "[debug]\n").installing(.usual)
        #expect(new == (try ContainerdFile(Self.systemd).installing(.usual)) + "[debug]\n")
        #expect(try ContainerdFile(new).removing == Self.systemd + "[debug]\n")
        let cut = String(Self.systemd.dropLast())
        #expect(
            try ContainerdFile(ContainerdFile(cut).installing(.usual) + "[debug]\n").removing == cut + "\n[debug]\n")
    }

    @Test("that imports others is spoken of")
    func imports() throws {
        let image = try Image([Self.path: "version = 2\nimports = [\n  \"/etc/containerd/conf.d/*.toml\",\n]\n"])
        #expect(try image.install(.containerd).remarks.contains { $0.contains("imports other files") })
        #expect(try !ContainerdFile("imports = []\nversion = 2\n").hasImports)
    }

    @Test("takes the cgroup driver over from what it imports too: from containerd 2.2 on many settings are in conf.d")
    func importedDriver() throws {
        let text = "version = 3\nimports = ['/etc/containerd/conf.d/*.toml']\n"
        let runc = "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]\nSystemdCgroup = true\n"
        let image = try Image([Self.path: text, "/etc/containerd/conf.d/cgroups.toml": "version = 3\n" + runc])
        try image.install(.containerd)
        #expect(try image.text(of: Self.path).hasSuffix("  SystemdCgroup = true\n# rtshield: end\n"))
        #expect(try image.install(.containerd).changes.isEmpty)
        try image.write(
            "version = 3\n" + runc.replacing("true", with: "false"), to: "/etc/containerd/conf.d/cgroups.toml")
        try image.install(.containerd)
        #expect(try !image.text(of: Self.path).contains("SystemdCgroup"))
        try image.uninstall(.containerd)
        #expect(try image.text(of: Self.path) == text)
    }

    @Test("is left alone where an imported file is of a later version: containerd 2.1 would pass over the handler")
    func newerImport() throws {
        let text = "version = 2\nimports = ['conf.d/*.toml']\n"
        let image = try Image([Self.path: text, "/etc/containerd/conf.d/toolkit.toml": "version = 3\n"])
        #expect(
            refusal { try image.install(.containerd) }
                == "\(Self.path) has version 2, but /etc/containerd/conf.d/toolkit.toml, which it imports, has version 3"
        )
        #expect(image.bytes(of: Self.path) == Array(text.utf8))
        try image.write("disabled_plugins = ['io.containerd.grpc.v1.cri']\n", to: "/etc/containerd/conf.d/toolkit.toml")
        #expect(refusal { try image.install(.containerd) }?.contains("CRI plugin is disabled") == true)
    }

    @Test(
        "of version 2 that calls the plugin by its new name gets the handler there: containerd 2 reads nothing else then"
    )
    func newName() throws {
        let text = Self.systemd.replacing("version = 3", with: "version = 2")
        let block = try ContainerdFile(text).installing(.usual).dropFirst(text.count)
        #expect(block.contains(#"[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.rtshield]"#))
        #expect(!block.contains("grpc"))
    }

    @Test(
        "is left alone where nothing can be added",
        arguments: [
            ("", "has version 1"),
            ("[plugins.cri]\n", "has version 1"),
            ("version = 5\n", "has version 5"),
            ("disabled_plugins = [\"cri\"]\nversion = 2\n", "CRI plugin is disabled"),
            ("version = 3\ndisabled_plugins = [\n'io.containerd.cri.v1.runtime' ]\n", "CRI plugin is disabled"),
            (
                "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\ncontainerd.runtimes.runc.x = 1\n",
                "not written as tables"
            ),
            ("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\ncontainerd = { a = 1 }\n", "not written as tables"),
            (
                "version = 2\n[ plugins . 'io.containerd.grpc.v1.cri' . containerd.runtimes.rtshield ]\n",
                "has a runtime 'rtshield' already"
            ),
            ("version = 2\n# rtshield: begin\n", "marker at the beginning or at the end"),
        ])
    func refused(text: String, says: String) throws {
        let image = try Image([Self.path: text])
        let what = try #require(refusal { try image.install(.containerd) })
        #expect(what.contains(says), "\(what)")
        #expect(image.bytes(of: Self.path) == Array(text.utf8))
    }
}
