// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Configuration
import Containers
import Grants
import MachineKit
import Reports
import ShieldKit

/// The containers that run on a machine, and the ledger of what they were granted.
struct RunningContainers: Sendable {
    let all: [RunningContainer]
    /// Nil when it cannot be read.
    let ledger: Ledger?
    /// Why it cannot.
    let ledgerFault: String?
    /// What kubelet gave to whom; nil without kubelet, or when its file cannot be read.
    let kubelet: KubeletCPUs?

    init(
        on machine: any Machine, files: HostFiles, host: Host, shield: Shield?, configuration: Configuration?,
        kubelet: KubeletCPUs?
    ) {
        (ledger, ledgerFault) = Self.ledger(on: machine, host)
        self.kubelet = kubelet
        let context = DecisionContext(kubelet: kubelet, shield: shield)
        let policy = configuration?.policy ?? ContainerPolicy()
        let grants = Dictionary(
            (ledger?.grants ?? []).map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let groups = CgroupNames(host.groups)
        all = ContainerSearch(root: files.root).all().compactMap { place in
            let (container, fault) = Self.container(at: place)
            guard let group = groups.group(of: place.id, container, grants[place.id.text]) else { return nil }
            let decision = container.map { Decision(on: $0, in: context, by: policy) }
            return RunningContainer(
                id: place.id, group: group, cpus: host.groups.allowed(in: group), decision: decision,
                fault: fault, grant: grants[place.id.text])
        }
    }

    private static func ledger(on machine: any Machine, _ host: Host) -> (Ledger?, String?) {
        do throws(GrantError) {
            return (try Ledger(of: machine, bootID: host.bootID), nil)
        } catch {
            return (nil, "\(error)")
        }
    }

    private static func container(at place: ContainerSearch.Place) -> (Container?, String?) {
        do throws(ContainerError) {
            let spec = try ContainerFiles.spec(in: place.bundle)
            return (Container(spec, id: place.id, bundle: place.bundle), nil)
        } catch {
            return (nil, "\(error)")
        }
    }
}

/// The groups of a machine in which tasks run, by the names that engines give to those of containers.
private struct CgroupNames {
    private var paths: [String: CgroupPath] = [:]
    private let running: Set<CgroupPath>

    init(_ groups: CgroupTree) {
        var running: Set<CgroupPath> = []
        for group in groups.all {
            // An engine's name tells one container; of two groups the outer one is its own.
            if paths[group.path.name] == nil { paths[group.path.name] = group.path }
            // crun and systemd may put tasks below a container's group.
            if group.hasTasks { running.formUnion(group.path.ancestry.suffix(3)) }
        }
        self.running = running
    }

    /// The group of a container in which tasks run; nil when there is none.
    func group(of id: ContainerID, _ container: Container?, _ grant: Grant?) -> CgroupPath? {
        if let group = grant?.group, running.contains(group), !group.isRoot { return group }
        var names: [String] = []
        if let path = container?.spec.cgroupsPath {
            let parts = path.split(separator: ":", omittingEmptySubsequences: false)
            names.append(
                parts.count == 3
                    ? (parts[1].isEmpty ? "" : parts[1] + "-") + parts[2] + ".scope"
                    : String(path.split(separator: "/").last ?? ""))
        }
        names += [
            "\(id)", "docker-\(id).scope", "libpod-\(id).scope", "crio-\(id).scope", "cri-containerd-\(id).scope",
        ]
        return names.lazy.compactMap { paths[$0] }.first(where: running.contains)
    }
}
