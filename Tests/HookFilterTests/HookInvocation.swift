// SPDX-License-Identifier: Apache-2.0

import HookFilter
import ShieldKit

/// A container at the door, as runc describes it, and the machine around it.
struct HookInvocation {
    static let id = "7be7ca56452ce0f69575654683e3b8cdc61d8898d06caf92fbf5ffffcd856bd7"
    static let bundle = "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)"
    static let docker = configuration(path: "system.slice:docker:\(id)", cpu: #""shares":1024"#)
    /// A pod's container that has the CPUs that are left.
    static let burstable = configuration(
        path: "kubepods-burstable-pod4aec46af_22b7_4e26_babb_d15383ac9151.slice:cri-containerd:\(id)",
        cpu: #""shares":512,"cpus":"0-1,6-11""#)

    var status = "creating"
    /// Members of the state's annotations.
    var annotations = ""
    /// The state as a whole; made of the others unless given.
    var state: String?
    var configuration: FileProbe = .text(docker)
    var ledger = FileProbe.nothing
    var journal = FileProbe.nothing
    var settings = FileProbe.nothing

    /// What runc writes.
    var written: String {
        state ?? """
            {"ociVersion":"1.3.0","id":"\(Self.id)","status":"\(status)","pid":4422,"bundle":"\(Self.bundle)",\
            "annotations":{\(annotations)}}
            """
    }

    var answer: HookFilter.Answer { HookFilter(look: look).answer(to: Array(written.utf8)) }

    private func look(_ place: ProbePath) -> FileProbe {
        switch place {
        case .ledger: ledger
        case .journal: journal
        case .settings: settings
        case .configuration(let bundle): bundle == Array(Self.bundle.utf8) ? configuration : .nothing
        }
    }

    /// The text of a `config.json`, with the annotations before `linux`, as Go writes it.
    static func configuration(path: String, cpu: String, annotations: String = "", further: String = "") -> String {
        """
        {"ociVersion":"1.2.1","process":{"args":["sh"]},"annotations":{\(annotations)},\
        "linux":{"resources":{"cpu":{\(cpu)}},"cgroupsPath":"\(path)"\(further)}}
        """
    }
}

extension FileProbe {
    static func text(_ text: String) -> FileProbe { .text(JSONScan(Array(text.utf8))) }
}
