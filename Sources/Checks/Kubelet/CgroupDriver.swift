// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Engines
import Kubelet

extension Rule {
    static let kubeletDriver = Rule(
        "driver", .kubelet,
        title: "Kubelet and its runtime have cgroups made by the same driver",
        why:
            "With two drivers a pod's groups are made in two places: limits of the pod do not hold its containers, and new "
            + "kubelets do not start.",
        reference: "https://kubernetes.io/docs/setup/production-environment/container-runtimes/#cgroup-drivers"
    ) { evidence in
        guard let configuration = evidence.kubelet?.configuration else { return [] }
        let driver = configuration.cgroupDriver
        return RuntimeDriver.all(in: evidence.files, evidence.daemons).map { runtime in
            if runtime.driver == driver.value {
                return .ok("\(runtime.name) has the driver \(driver.value), as kubelet has")
            }
            return .error(
                "kubelet has the cgroup driver \(driver.value) (\(driver.origin)), and \(runtime.name) \(runtime.driver) (\(runtime.source))",
                wanted: "systemd for both, where systemd runs", fix: runtime.fix)
        }
    }
}

/// Which cgroup driver a runtime that kubelet talks to is told to have.
private struct RuntimeDriver {
    var name: String
    var driver: String
    /// The file and line, or that it is the default.
    var source: String
    /// What makes it systemd's.
    var fix: String

    static func all(in files: HostFiles, _ daemons: Daemons) -> [RuntimeDriver] {
        var drivers: [RuntimeDriver] = []
        if daemons.runs("crio") { drivers.append(crio(files)) }
        // Docker has a containerd of its own, and kubelet is not asked to use that.
        if daemons.runs("containerd"), !daemons.runs("crio"), let driver = containerd(files) { drivers.append(driver) }
        return drivers
    }

    private static func containerd(_ files: HostFiles) -> RuntimeDriver? {
        let path = "/etc/containerd/config.toml"
        guard let text = files.textIfPresent(of: path) else { return nil }
        let told = TOMLOutline(text).assignments.last { $0.path.last == "SystemdCgroup" }
        return RuntimeDriver(
            name: "containerd", driver: told?.value == "true" ? "systemd" : "cgroupfs",
            source: told.map { "\(path):\($0.line)" } ?? "its default",
            fix: "SystemdCgroup = true below the runtime's options in \(path); systemctl restart containerd")
    }

    private static func crio(_ files: HostFiles) -> RuntimeDriver {
        let directories = ["/etc/crio/crio.conf.d"]
        let paths =
            ["/etc/crio/crio.conf"]
            + directories.flatMap { directory in
                files.names(in: directory).map { "\(directory)/\($0)" }
            }
        var driver = RuntimeDriver(
            name: "CRI-O", driver: "systemd", source: "its default",
            fix: "cgroup_manager = \"systemd\" below [crio.runtime] in /etc/crio/crio.conf; systemctl restart crio")
        for path in paths {
            guard let text = files.textIfPresent(of: path),
                let told = TOMLOutline(text).assignments.last(where: {
                    $0.path == ["crio", "runtime", "cgroup_manager"]
                }),
                let name = told.strings.first
            else { continue }
            (driver.driver, driver.source) = (name, "\(path):\(told.line)")
        }
        return driver
    }
}
