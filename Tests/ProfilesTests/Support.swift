// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Linux
import MachineKit
import Profiles
import Testing
import YAML

/// Machines that settings are for.
enum Machines {
    /// Eight CPUs, and nothing known of their cores.
    static let eight = machine("0-7")
    /// Four cores of two threads: 0 and 4, 1 and 5, 2 and 6, 3 and 7.
    static let threaded = Hardware(
        topology: Topology(synthetic: "core:4 thread:2") ?? Topology(cpus: []), vendor: .intel)
    /// Two NUMA nodes of four CPUs.
    static let nodes = Hardware(topology: Topology(synthetic: "node:2 core:4") ?? Topology(cpus: []), vendor: .intel)

    /// A machine of which the CPUs are known.
    static func machine(_ cpus: String, vendor: CPUVendor? = .intel) -> Hardware {
        Hardware(topology: Topology(cpus: cpus.cpus), vendor: vendor)
    }
}

extension String {
    /// The CPU list as a set.
    var cpus: CPUSet { CPUSet(kernelList: self) ?? [] }
}

extension HostSettings {
    /// The settings of CPUs that a test names.
    init(_ profile: Profile, _ isolated: String, on machine: Hardware = Machines.eight) throws {
        try self.init(profile: profile, isolated: isolated.cpus, machine: machine)
    }

    /// What a kernel makes of the arguments that stand in a text.
    func boot(from text: String) -> BootOptions {
        BootOptions(commandLine: "root=/dev/vda1 ro \(text) quiet", possible: machine.topology.possible)
    }
}

extension Node {
    /// The value of a key, or of several below each other.
    subscript(_ keys: String...) -> Node? {
        keys.reduce(self) { node, key in
            guard case .mapping(let entries)? = node?.content else { return nil }
            return entries.first { $0.key == key }?.value
        }
    }

    /// The text of a scalar.
    var text: String? { if case .scalar(let text) = content { text } else { nil } }

    /// The members of a list.
    var members: [Node] { if case .sequence(let members) = content { members } else { [] } }

    /// Reads a text of one document.
    static func reading(_ text: String) throws -> Node { try #require(try Node(parsing: Array(text.utf8))) }
}

/// Runs a shell with a script, and gives what it prints.
func shell(_ script: String) throws -> String {
    let outcome = try ChildProcess.run(["/bin/sh", "-euc", script])
    #expect(outcome.ending == .exited(status: 0), "\(outcome.errorOutput.text)")
    return outcome.output.text
}

/// A directory that removes itself.
struct TemporaryDirectory: ~Copyable {
    let path: String

    init() throws {
        var template = Array("/tmp/rtshield-kargs.XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func read(_ file: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path + "/" + file)), as: UTF8.self)
    }
}

/// Where the texts last looked at are kept.
private let snapshots = String(#filePath.dropLast("Support.swift".count)) + "Snapshots/"

/// Expects a text to be what it was when a person last looked at it.
func expect(_ text: String, matches file: String, at location: SourceLocation = #_sourceLocation) throws {
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
        try Data(text.utf8).write(to: URL(filePath: snapshots + file))
    }
    let known = try Data(contentsOf: URL(filePath: snapshots + file))
    #expect(
        text == String(decoding: known, as: UTF8.self), "UPDATE_SNAPSHOTS=1 accepts the change of \(file)",
        sourceLocation: location)
}
