// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines

extension MachineText {
    /// An id as engines give it.
    static func id(_ number: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 64 - text.count) + text
    }

    /// Adds a container of Docker that runs.
    mutating func container(
        _ number: Int, cpus: String = "", effective: String, annotations: [String: String] = [:], hooks: String = "{}"
    ) {
        let id = Self.id(number)
        let bundle = "run/containerd/io.containerd.runtime.v2.task/moby/\(id)"
        file(
            bundle + "/config.json",
            """
            {"process": {"args": ["app"]}, "annotations": \(Self.json(annotations)), "hooks": \(hooks),
             "linux": {"cgroupsPath": "system.slice:docker:\(id)", "resources": {"cpu": {"cpus": "\(cpus)"}}}}
            """)
        runs(1000 + number, in: "/system.slice/docker-\(id).scope", cpus: cpus, effective: effective)
    }

    /// Adds a container of containerd in a pod that runs.
    mutating func podContainer(
        _ number: Int, pod: String, name: String, cpus: String, effective: String, isSandbox: Bool = false,
        quality: String = "", annotations: [String: String] = [:]
    ) {
        let id = Self.id(number)
        let slice = "kubepods-\(quality)pod\(pod).slice"
        let all = annotations.merging([
            "io.kubernetes.cri.container-type": isSandbox ? "sandbox" : "container",
            "io.kubernetes.cri.container-name": name, "io.kubernetes.cri.sandbox-uid": pod,
        ]) { $1 }
        file(
            "run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)/config.json",
            """
            {"process": {"args": ["app"]}, "annotations": \(Self.json(all)),
             "linux": {"cgroupsPath": "\(slice):cri-containerd:\(id)",
                       "resources": {"cpu": {"cpus": "\(cpus)", "shares": 2048}}}}
            """)
        runs(
            1000 + number, in: "/kubepods.slice/\(slice)/cri-containerd-\(id).scope", cpus: cpus, effective: effective)
    }

    /// Adds the ledger of this boot.
    mutating func ledger(_ grants: String...) {
        file(
            "run/rtshield/ledger",
            #"{"format": 1, "bootID": "\#(Self.bootID)", "originals": [], "grants": [\#(grants.joined(separator: ","))]}"#
        )
    }

    /// The text of a grant.
    static func grant(_ number: Int, cpus: String = "", narrowed: String = "", more: String = "") -> String {
        let group = "/system.slice/docker-\(id(number)).scope"
        return """
            {"id": "\(id(number))", "engine": "docker", "process": \(1000 + number), "started": 100, "group": "\(group)",
             "budgetGroup": "\(group)", "cpus": "\(cpus)", "quiet": "", "movesKernelThreads": false, "isUnbalanced": false,
             "endsQuota": false, "isPod": false, "narrowedTo": "\(narrowed)"\(more)}
            """
    }

    private mutating func runs(_ process: Int, in group: String, cpus: String, effective: String) {
        self.group(group, cpus: cpus, effective: effective)
        task(process, "app", affinity: effective, group: group)
    }

    private static func json(_ texts: [String: String]) -> String {
        "{" + texts.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ",") + "}"
    }
}
