// SPDX-License-Identifier: Apache-2.0

import Containers
import Linux
import MachineKit

/// Makes the configuration of a container, as engines write them.
struct Bundle {
    static let pod = "4aec46af-22b7-4e26-babb-d15383ac9151"
    static let id = "7be7ca56452ce0f69575654683e3b8cdc61d8898d06caf92fbf5ffffcd856bd7"

    var annotations: [String: String] = [:]
    var cgroupsPath = ""
    /// The members of `linux.resources.cpu`.
    var cpu = ""
    /// Further members of `process`.
    var process = #""args": ["sh"]"#
    /// Further members of `linux`.
    var linux = ""

    /// A container of containerd under kubelet, Guaranteed, with 2 CPUs.
    static var containerd: Bundle {
        let slice = "kubepods-pod\(underscored(pod)).slice"
        return Bundle(
            annotations: [
                "io.kubernetes.cri.container-name": "mysqld", "io.kubernetes.cri.container-type": "container",
                "io.kubernetes.cri.image-name": "docker.io/library/mysql:8",
                "io.kubernetes.cri.sandbox-namespace": "default", "io.kubernetes.cri.sandbox-uid": pod,
            ],
            cgroupsPath: "\(slice):cri-containerd:\(id)",
            cpu: #""shares": 2048, "quota": 200000, "period": 100000, "cpus": "2-3""#)
    }

    /// The same of CRI-O.
    static var crio: Bundle {
        var bundle = Bundle.containerd
        bundle.annotations = [
            "io.container.manager": "cri-o", "io.kubernetes.cri-o.ContainerType": "container",
            "io.kubernetes.container.name": "mysqld", "io.kubernetes.pod.namespace": "default",
            "io.kubernetes.pod.uid": pod, "irq-load-balancing.crio.io": "disable", "cpu-quota.crio.io": "disable",
            "run.oci.systemd.subgroup": "", "org.systemd.property.DefaultDependencies": "true",
        ]
        bundle.cgroupsPath = "kubepods-pod\(underscored(pod)).slice:crio:\(id)"
        return bundle
    }

    /// A container of Docker.
    static func docker(cpus: String = "") -> Bundle {
        Bundle(cgroupsPath: "system.slice:docker:\(id)", cpu: cpus.isEmpty ? "" : #""cpus": "\#(cpus)""#)
    }

    static func underscored(_ uid: String) -> String { String(uid.map { $0 == "-" ? "_" : $0 }) }

    /// The text of `config.json`.
    var text: String {
        let annotations = annotations.map { #""\#($0)": "\#($1)""# }.joined(separator: ", ")
        return """
            {"ociVersion": "1.2.1", "process": {\(process)}, "annotations": {\(annotations)},
             "linux": {"resources": {"cpu": {\(cpu)}}, "cgroupsPath": "\(cgroupsPath)"\(linux)}}
            """
    }

    func container(id: String? = nil) throws -> Container {
        Container(try Spec(reading: Array(text.utf8)), id: id.flatMap(ContainerID.init))
    }
}

/// What kubelet 1.34 wrote for two such containers.
let kubeletState = """
    {"policyName":"static","defaultCpuSet":"0-1,6-11","entries":{"\(Bundle.pod)":{"mysqld":"2-3"},\
    "60008d73-6f6f-4467-96c5-cd0a1eeadf23":{"mysqld2":"4-5"}},"checksum":2764424633}
    """

func kubelet(_ text: String = kubeletState) throws -> KubeletCPUs { try KubeletCPUs(reading: Array(text.utf8)) }

/// Where the recorded bundles are.
let fixtures = String(#filePath.dropLast("Bundle.swift".count)) + "Fixtures"
