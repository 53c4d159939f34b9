// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Engines

@Suite("Docker's daemon.json")
struct DaemonFileTests {
    private static let path = "/etc/docker/daemon.json"
    private static let ours = #""rtshield": {"path": "/usr/local/sbin/rtshield-runtime"}"#

    /// As administrators write it: two spaces, four, tabs, on one line, with CR LF, without a last newline.
    private static let shapes = [
        "{\n  \"debug\": true,\n  \"log-opts\": { \"max-size\": \"10m\" }\n}\n",
        "{\n    \"data-root\": \"/srv/docker\",\n    \"mtu\": 1450.0\n}",
        "{\n\t\"exec-opts\": [\"native.cgroupdriver=systemd\"],\n\t\"live-restore\":true\n}\n",
        #"{"storage-driver":"overlay2","hosts":["fd://"]}"#,
        #"{ "debug" : false }"#,
        "{\r\n  \"debug\": true\r\n}\r\n",
        "{}", "{}\n",
        #"{"runtimes": {"nvidia": {"path": "nvidia-container-runtime", "runtimeArgs": []}}}"#,
        "{\n  \"runtimes\": {\n    \"crun\": {\n      \"path\": \"/usr/bin/crun\"\n    }\n  },\n  \"default-runtime\": \"crun\"\n}\n",
        "{\"a\": \"\u{e9}e\u{301}\"}",
    ]

    @Test("gets the runtime, and comes back byte for byte", arguments: shapes)
    func roundTrip(text: String) throws {
        let image = try Image([Self.path: text])
        let setup = try image.install(.docker)
        #expect(setup.command == "systemctl reload docker")
        let installed = try image.text(of: Self.path)
        #expect(installed.contains("\"/usr/local/sbin/rtshield-runtime\""))
        #expect(try image.install(.docker).changes.isEmpty)
        #expect(try image.uninstall(.docker).command == "systemctl restart docker")
        #expect(image.bytes(of: Self.path) == Array(text.utf8))
        #expect(try image.uninstall(.docker).changes.isEmpty)
    }

    @Test(
        "gets the runtime as default, and comes back byte for byte",
        arguments: shapes.filter { !$0.contains("default-r") })
    func asDefault(text: String) throws {
        let image = try Image([Self.path: text])
        try image.install(.docker)
        try image.install(.docker, asDefault: true)
        let installed = try image.text(of: Self.path)
        #expect(installed.replacing(" ", with: "").contains(#""default-runtime":"rtshield""#), "\(installed)")
        #expect(try image.install(.docker, asDefault: true).changes.isEmpty)
        #expect(try image.install(.docker).changes.isEmpty)
        try image.uninstall(.docker)
        #expect(image.bytes(of: Self.path) == Array(text.utf8))
    }

    @Test("is made where there is none, and goes again", arguments: [false, true])
    func absent(asDefault: Bool) throws {
        let image = try Image()
        #expect(try image.uninstall(.docker).changes.isEmpty)
        try image.install(.docker, asDefault: asDefault)
        let installed = try image.text(of: Self.path)
        #expect(installed.hasPrefix("{\n    \"runtimes\": {\n        \"rtshield\": {\n"))
        #expect(installed.contains("default-runtime") == asDefault)
        try image.uninstall(.docker)
        #expect(image.bytes(of: Self.path) == nil)
    }

    @Test("is as good as none where it is empty, and stays where nothing was installed")
    func blank() throws {
        let image = try Image([Self.path: "\n"])
        #expect(try image.uninstall(.docker).changes.isEmpty)
        try image.install(.docker)
        try image.uninstall(.docker)
        #expect(image.bytes(of: Self.path) == nil)
    }

    @Test("looks as its neighbours do")
    func layout() throws {
        let text = "{\n\t\"debug\": true\n}\n"
        let installed = try DaemonFile(text).installing(.usual, isDefault: true)
        #expect(
            installed == """
                {
                \t"debug": true,
                \t"runtimes": {
                \t\t"rtshield": {
                \t\t\t"path": "/usr/local/sbin/rtshield-runtime"
                \t\t}
                \t},
                \t"default-runtime": "rtshield"
                }

                """)
    }

    @Test("is told where the programs have moved to, and of nothing else")
    func moved() throws {
        let text = #"{"runtimes": {"rtshield": {"path": "/opt/rt/rtshield-runtime", "runtimeArgs": []}}}"#
        let installed = try DaemonFile(text).installing(.usual, isDefault: false)
        #expect(installed == text.replacing("/opt/rt", with: "/usr/local/sbin"))
        #expect(try DaemonFile(text).removing() == "{}")
    }

    @Test(
        "is left alone where it says something else",
        arguments: [
            (#"{"default-runtime": "runc"}"#, "another default-runtime already: 'runc'"),
            (#"{"default-runtime": "nvidia"}"#, "another default-runtime already: 'nvidia'"),
            (#"{"runtimes": {"rtshield": {"path": "/bin/x"}}}"#, "does not start rtshield-runtime"),
            (#"{"runtimes": {"rtshield": {"path": 1}}}"#, "does not start rtshield-runtime"),
            (#"{"runtimes": []}"#, "'runtimes' in /etc/docker/daemon.json is not an object"),
            ("[]", "is not a JSON object"),
            ("{\n  \"debug\": true,\n}\n", "daemon.json:3:1"),
            ("{\n  // why\n}\n", "daemon.json:2:3"),
        ])
    func refused(text: String, says: String) throws {
        let image = try Image([Self.path: text])
        let what = try #require(refusal { try image.install(.docker, asDefault: true) })
        #expect(what.contains(says), "\(what)")
        #expect(image.bytes(of: Self.path) == Array(text.utf8))
    }
}
