// SPDX-License-Identifier: Apache-2.0

import Glibc
import MachineKit
import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("Files of kubelet that cannot be read")
struct KubeletFileTests {
    @Test("files that can be read are nothing to tell")
    func fine() throws {
        let machine = staticNode(files: [kubeletState: state(shared: "0-7")])
        #expect(try remarks(of: .kubeletFiles, on: machine) == [])
    }

    @Test(
        "a configuration that nobody understands is told with its place",
        arguments: [
            ("cpuManagerPolicy: [static\n", 5), ("cpuManagerPolicy: static\n\u{0}\u{1}\u{2}\n", 4),
            ("cpuManagerPolicy: 1\n", 3), ("reservedSystemCPUs: \"0-\"\n", 3), ("\"\n", 4),
        ])
    func broken(text: String, line: Int) throws {
        var machine = node()
        machine.file(kubeletConfig, kubeletText([]) + text)
        let found = try remark(of: .kubeletFiles, on: machine)
        #expect(found.severity == .error)
        #expect(found.what.hasPrefix("/var/lib/kubelet/config.yaml:"))
        #expect(!found.what.contains("\n"))
        #expect(found.fix?.hasPrefix("fix /var/lib/kubelet/config.yaml:") == true)
        #expect(found.fix?.contains("rm ") == false)
    }

    @Test(
        "an empty file, and one of another kind, are told", arguments: ["", "# nothing\n", "kind: Pod\n", "[]\n", "{"])
    func kinds(text: String) throws {
        #expect(try remark(of: .kubeletFiles, on: node(files: [kubeletConfig: text])).severity == .error)
    }

    @Test("anchors, aliases and tags are not followed, and no reason for kubelet not to start")
    func bombs() throws {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...30 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        for text in [text, "a: *b\n", "a: !!int 1\n", "a: {<<: *b}\n"] {
            let found = try remark(of: .kubeletFiles, on: node(text))
            #expect(found.severity == .warning)
            #expect(found.what.hasPrefix("/var/lib/kubelet/config.yaml:3:"))
            #expect(found.what.contains(" are not read"))
        }
    }

    @Test("nesting without an end is told", arguments: ["[", "{a: ", "- "])
    func nesting(text: String) throws {
        let machine = node("a: " + String(repeating: text, count: 100_000))
        #expect(try remark(of: .kubeletFiles, on: machine).severity == .error)
    }

    @Test("a file of 2 MiB is told, and its size", arguments: [kubeletConfig, kubeletState])
    func large(path: String) throws {
        let found = try remark(of: .kubeletFiles, on: node(files: [path: String(repeating: "#", count: 2 << 20)]))
        #expect(found.severity == .error)
        #expect(found.what.hasPrefix("/" + path))
        #expect(found.what.contains("larger than 1 MiB") == (path == kubeletConfig))
    }

    @Test("a state of more than its own limit is told with that")
    func largeState() throws {
        let found = try remark(
            of: .kubeletFiles, on: node(files: [kubeletState: String(repeating: " ", count: 5 << 20)]))
        #expect(found.what == "/var/lib/kubelet/cpu_manager_state cannot be read: it is larger than 4 MiB")
        #expect(found.fix?.contains("rm /var/lib/kubelet/cpu_manager_state") == true)
    }

    @Test(
        "a state that kubelet did not write is told with its place",
        arguments: [kubeletState, "var/lib/kubelet/memory_manager_state"],
        [#"{"policyName":"static","defau"#, "\u{0}\u{1}\u{FFFD}", "", "[]", #"{"policyName": 1}"#])
    func states(path: String, text: String) throws {
        let found = try remark(of: .kubeletFiles, on: staticNode(files: [path: text]))
        #expect(found.severity == .error)
        #expect(found.what.hasPrefix("/\(path):1:"))
        #expect(
            found.fix
                == "kubectl drain NODE --ignore-daemonsets; systemctl stop kubelet; rm /\(path); systemctl start kubelet; "
                + "kubectl uncordon NODE")
    }

    @Test("a state with a list that is none is told", arguments: ["0-", "a", "0-99999999", "1,,2", " 1"])
    func lists(list: String) throws {
        #expect(try remark(of: .kubeletFiles, on: node(files: [kubeletState: state(shared: list)])).severity == .error)
    }

    @Test("a directory in the place of a file is told", arguments: [kubeletConfig, kubeletState])
    func directory(path: String) throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.file(path + "/", "")
        let found = try remark(of: .kubeletFiles, on: machine)
        #expect(found.severity == .error)
        #expect(found.what == "/\(path) cannot be read: it is not a regular file")
        #expect(found.fix == "ls -lL /\(path); file -L /\(path)")
    }

    @Test("a file that this user may not read is a warning, since kubelet may", .enabled(if: geteuid() != 0))
    func forbidden() throws {
        let machine = staticNode(files: [kubeletState: state(shared: "0-7")])
        let found = try remarks(of: .kubeletFiles, on: machine, preparing: permitting(0, "/" + kubeletState))
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.fix == "sudo rtshield check kubelet")
    }

    @Test("an argument that kubelet does not take is told")
    func argument() throws {
        var machine = node()
        machine.process(60, "kubelet", "--config=/var/lib/kubelet/config.yaml", "--reserved-cpus=many")
        let found = try remark(of: .kubeletFiles, on: machine)
        #expect(found.severity == .error)
        #expect(found.what.hasPrefix("kubelet's arguments: --reserved-cpus: "))
        #expect(found.fix?.hasPrefix("fix --reserved-cpus in kubelet's arguments (systemctl cat kubelet)") == true)
    }
}
