// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What group names tell of the container engine that made them.
///
/// Names as Docker 20.10 and newer, Podman 4, containerd, CRI-O, kubelet, LXC and libvirt give them with their cgroupfs and
/// systemd drivers.
package enum EngineCgroups {
    /// Groups in which engines make those of their containers; they stay wide, so that a container may ask for any CPU.
    package static func isParent(_ path: CgroupPath, layout: CgroupLayout) -> Bool {
        guard let top = path.components.first else { return true }
        if isKubernetes(path) { return !path.ancestry.contains(where: isContainer) }
        guard path.depth == 1 else { return false }
        if ["docker", "libpod_parent", "machine", "machine.slice", "lxc", "lxc.payload", "podman"].contains(top) {
            return true
        }
        // Docker's and Podman's scopes live in these slices with the systemd driver, which needs cpuset in the tree of systemd.
        // On a hybrid host with cpuset on v2 the engines use the v1 controllers and cannot ask for CPUs at all.
        let engineSlices = ["system.slice", "user.slice"]
        return engineSlices.contains(top) && !(layout.version == .v2 && layout.isHybrid)
    }

    /// Whether kubelet made the group, or one above it.
    package static func isKubernetes(_ path: CgroupPath) -> Bool {
        path.components.contains { name in
            name == "kubepods" || name.hasPrefix("kubepods.") || name.hasPrefix("kubepods-")
                || name.hasSuffix("-kubepods.slice")
        }
    }

    /// The kinds of group that hold one container each, as `docker-<id>.scope` or `/docker/<id>`.
    package static func isContainer(_ path: CgroupPath) -> Bool {
        let name = path.name
        let scopes = ["docker-", "libpod-", "crio-", "cri-containerd-", "machine-", "nspawn-"]
        if name.hasSuffix(".scope") {
            // The monitor of a container has a scope of its own, `libpod-conmon-<id>.scope`.
            return scopes.contains(where: name.hasPrefix) && !name.contains("-conmon-")
        }
        // With `--cgroups=split`, which Quadlet uses, Podman makes it within the group of the service.
        if name.hasPrefix("libpod-payload-") { return true }
        if isKubernetes(path), path.parent.name.hasPrefix("pod") { return true }
        return isID(name) || name.hasPrefix("lxc.payload.")
            || ["docker", "libpod_parent", "lxc", "podman"].contains(path.parent.name)
    }

    /// Whether a name is the id that engines give to a container.
    private static func isID(_ name: some StringProtocol) -> Bool {
        name.utf8.count == 64 && name.allSatisfy(\.isHexDigit)
    }

    /// A name that a person recognises: engine and short id, or the path itself.
    package static func title(of path: CgroupPath) -> String {
        guard let component = path.components.last(where: { $0.contains("-") || $0.count == 64 }) else {
            return path.description
        }
        let words: [Substring] = component.split { $0 == "-" || $0 == "." }
        guard let id = words.first(where: isID) else { return path.description }
        let engine = ["docker", "libpod", "crio"].first { path.description.contains($0) } ?? "container"
        return "\(engine == "libpod" ? "podman" : engine) \(id.prefix(12))"
    }
}
