// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// Whose a cgroup is, found by walking to it from the root: below a unit or a container nothing is the host's any more, whatever it
/// is called.
///
/// Names are those that systemd, kubelet, Docker 20.10 and newer, Podman 4, containerd, CRI-O, LXC and libvirt give, with their
/// cgroupfs and systemd drivers.
package struct CgroupOwner: Hashable, Sendable {
    private let path: CgroupPath
    /// The unit of this machine's systemd in which the cgroup lies; nil outside any.
    ///
    /// Above a unit there are only slices. What lies deeper was delegated, and may be known to another systemd.
    package let unit: CgroupPath?
    /// The outermost container in which the cgroup lies, and to which all that is deeper belongs; nil outside any.
    package let container: CgroupPath?
    /// Whether kubelet made the cgroup, or one above it; not the kubelet of a user or a container.
    package let isKubelets: Bool

    package init(of path: CgroupPath) {
        self.path = path
        var (unit, container): (CgroupPath?, CgroupPath?) = (nil, nil)
        var (isKubelets, parent, belowSlices) = (false, "", true)
        for (index, name) in path.components.enumerated() {
            if !isKubelets, unit == nil { isKubelets = Self.isOfKubelet(name) }
            if Self.isContainer(name, in: parent, ofKubelet: isKubelets) {
                container = CgroupPath(components: Array(path.components.prefix(index + 1)))
            }
            if belowSlices, name.hasSuffix(".service") || name.hasSuffix(".scope") {
                unit = CgroupPath(components: Array(path.components.prefix(index + 1)))
            }
            if container != nil { break }
            belowSlices = belowSlices && name.hasSuffix(".slice")
            parent = name
        }
        (self.unit, self.container, self.isKubelets) = (unit, container, isKubelets)
    }

    /// Whether the cgroup is that of a container, as `docker-<id>.scope` or `/docker/<id>`.
    package var isContainer: Bool { container == path }

    /// Whether the cgroup is that of a unit of this machine's systemd.
    package var isUnit: Bool { unit == path }

    /// Whether engines make the cgroups of their containers here; it stays wide, so that a container may ask for any CPU.
    package func isEngineParent(on layout: CgroupLayout) -> Bool {
        guard let top = path.components.first else { return true }
        if isKubelets { return container == nil }
        guard path.depth == 1 else { return false }
        if Self.engineParents.contains(top) { return true }
        // Docker's and Podman's scopes live in these slices with the systemd driver, which needs cpuset in the tree of systemd.
        // On a hybrid host with cpuset on v2 the engines use the v1 controllers and cannot ask for CPUs at all.
        return ["system.slice", "user.slice"].contains(top) && !(layout.version == .v2 && layout.isHybrid)
    }

    // MARK: - Names

    private static let engineParents: Set = [
        "docker", "libpod_parent", "machine", "machine.slice", "lxc", "lxc.payload", "podman",
    ]

    private static func isOfKubelet(_ name: String) -> Bool {
        name == "kubepods" || name.hasPrefix("kubepods.") || name.hasPrefix("kubepods-")
            || name.hasSuffix("-kubepods.slice")
    }

    /// Whether a cgroup holds one container, by its name and that of the cgroup above it.
    private static func isContainer(_ name: String, in parent: String, ofKubelet: Bool) -> Bool {
        if name.hasSuffix(".scope") {
            // The monitor of a container has a scope of its own, `libpod-conmon-<id>.scope`.
            return scopes.contains(where: name.hasPrefix) && !name.contains("-conmon-")
        }
        // With `--cgroups=split`, which Quadlet uses, Podman makes it within the cgroup of the service.
        if name.hasPrefix("libpod-payload-") || name.hasPrefix("lxc.payload.") || isContainerID(name) { return true }
        if ofKubelet, parent.hasPrefix("pod") { return true }
        // Programs that rtshield starts beside containers are in `/docker/rtshield`.
        return cgroupfsParents.contains(parent) && name != "rtshield"
    }

    private static let scopes = ["docker-", "libpod-", "crio-", "cri-containerd-", "machine-", "nspawn-"]
    private static let cgroupfsParents: Set = ["docker", "libpod_parent", "lxc", "podman"]

    /// Whether a name is the id that engines give to a container.
    fileprivate static func isContainerID(_ name: some StringProtocol) -> Bool {
        name.utf8.count == 64 && name.allSatisfy(\.isHexDigit)
    }
}

extension CgroupPath {
    /// Whose the cgroup is.
    package var owner: CgroupOwner { CgroupOwner(of: self) }

    /// A name that a person recognises: engine and short id of a container, or the path itself.
    package var title: String {
        guard let component = components.last(where: { $0.contains("-") || $0.count == 64 }) else { return description }
        let words: [Substring] = component.split { $0 == "-" || $0 == "." }
        guard let id = words.first(where: CgroupOwner.isContainerID) else { return description }
        let engine = ["docker", "libpod", "crio"].first { description.contains($0) } ?? "container"
        return "\(engine == "libpod" ? "podman" : engine) \(id.prefix(12))"
    }
}
