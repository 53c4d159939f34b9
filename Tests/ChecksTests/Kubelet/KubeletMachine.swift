// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Profiles
import RecordedMachines
import ShieldKit

@testable import Checks

/// Where a node's files usually are.
let kubeletConfig = "var/lib/kubelet/config.yaml"
let kubeletState = "var/lib/kubelet/cpu_manager_state"

/// The text of a configuration with some keys.
func kubeletText(_ keys: [String]) -> String {
    (["kind: KubeletConfiguration", "apiVersion: kubelet.config.k8s.io/v1beta1"] + keys).map { $0 + "\n" }.joined()
}

/// A machine of eight CPUs with a configuration of kubelet that has some keys.
func node(_ keys: String..., commandLine: String = "quiet", files: KeyValuePairs<String, String> = [:]) -> MachineText {
    var machine = MachineText(online: "0-7", unified: true)
    machine.file("proc/cmdline", commandLine + "\n")
    machine.file(kubeletConfig, kubeletText(keys))
    for (path, text) in files { machine.file(path, text) }
    return machine
}

/// The same with the static policy, which reserves CPUs 0-1 unless told otherwise.
func staticNode(
    _ keys: String..., reserved: String = "0-1", commandLine: String = "quiet",
    files: KeyValuePairs<String, String> = [:]
) -> MachineText {
    var machine = node(commandLine: commandLine, files: files)
    let reservation = reserved.isEmpty ? [] : ["reservedSystemCPUs: \"\(reserved)\""]
    machine.file(kubeletConfig, kubeletText(["cpuManagerPolicy: static"] + reservation + keys))
    return machine
}

/// The state of the CPU manager, without a checksum, which kubelet accepts.
func state(shared: String, policy: String = "static", pods: KeyValuePairs<String, String> = [:]) -> String {
    let entries = pods.map { #""\#($0.key)": {"main": "\#($0.value)"}"# }.joined(separator: ", ")
    return #"{"policyName": "\#(policy)", "defaultCpuSet": "\#(shared)", "entries": {\#(entries)}}"#
}

extension MachineText {
    /// Gives the machine cores of two threads: CPU 0 and 4, 1 and 5, and so on.
    mutating func threads() {
        for cpu in 0..<8 {
            file(cpuFiles + "cpu\(cpu)/topology/thread_siblings_list", "\(cpu % 4),\(cpu % 4 + 4)\n")
        }
    }

    /// Gives the machine two NUMA nodes.
    mutating func memoryNodes() {
        file("sys/devices/system/node/node0/cpulist", "0-3\n")
        file("sys/devices/system/node/node1/cpulist", "4-7\n")
    }
}

/// Looks at a machine, and may be told what a person tells `rtshield check`.
func looking<Result>(
    at machine: MachineText, profile: Profile? = nil, kubelet: KubeletConfigurationFile? = nil,
    _ look: (Evidence) throws -> Result
) throws -> Result {
    let directory = try RecordedMachine(files: machine.files)
    let evidence = Evidence(
        try ShieldOperations(DirectoryMachine(directory.path)), files: HostFiles(root: directory.path),
        profile: profile,
        kubeletConfiguration: kubelet)
    return try look(evidence)
}

/// The only thing that a rule finds.
func remark(of rule: Rule, on machine: MachineText) throws -> RuleResult {
    let found = try remarks(of: rule, on: machine)
    guard let first = found.first, found.count == 1 else { throw Complaint(what: "not one remark: \(found)") }
    return first
}
