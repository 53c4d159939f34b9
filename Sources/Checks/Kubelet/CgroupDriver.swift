// SPDX-License-Identifier: Apache-2.0

import Engines
import Kubelet
import MachineKit
import Reports

extension Rule {
    static let kubeletDriver = Rule(
        "driver", .kubelet,
        title: "Kubelet and its runtime use the same cgroup driver",
        why:
            "With two drivers a pod's cgroups are created in two places, or not at all, and limits of the pod do not "
            + "apply to its containers. From 1.34 on kubelet asks the runtime, if the runtime supports that, and ignores "
            + "its own setting.",
        reference: "https://kubernetes.io/docs/setup/production-environment/container-runtimes/#cgroup-drivers"
    ) { evidence in
        guard let kubelet = evidence.kubelet, let configuration = kubelet.configuration else { return [] }
        let driver = configuration.cgroupDriver
        let wanted = evidence.files.exists("/run/systemd/system") ? "systemd" : "cgroupfs"
        return RuntimeDriver.all(in: evidence.files, evidence.daemons).map { runtime in
            if runtime.driver == driver.value {
                return .ok("\(runtime.name) uses the driver \(driver.value), like kubelet")
            }
            let what =
                "kubelet uses the cgroup driver \(driver.value) (\(driver.origin)), but \(runtime.name) uses "
                + "\(runtime.driver) (\(runtime.source))"
            let fix =
                runtime.driver == wanted
                ? kubelet.setting("cgroupDriver", to: wanted, flag: "--cgroup-driver", insteadOf: driver.origin)
                : runtime.fix(wanted)
            let line = fix + ", on a drained node"
            // Who leaves it to kubelet may leave it to the runtime.
            return driver.origin == .builtIn
                ? .warning(what, wanted: "\(wanted) for both", fix: line)
                : .error(what, wanted: "\(wanted) for both", fix: line)
        }
    }
}

/// Which cgroup driver a runtime that kubelet talks to is told to have.
struct RuntimeDriver {
    var name: String
    var driver: String
    /// The file and line, or that it is the default.
    var source: String
    /// The line that gives it another driver.
    var fix: @Sendable (_ driver: String) -> String

    static func all(in files: HostFiles, _ daemons: Daemons) -> [RuntimeDriver] {
        if daemons.runs("crio") { return [crio(files)] }
        guard let daemon = daemons["containerd"].first else { return [] }
        return [containerd(files, daemon.value(of: "--config", "-c") ?? ContainerdRuntime.usualPath)].compactMap { $0 }
    }
}

// MARK: - CRI-O

extension RuntimeDriver {
    private static func crio(_ files: HostFiles) -> RuntimeDriver {
        let main = "/etc/crio/crio.conf"
        let directory = "/etc/crio/crio.conf.d"
        var (driver, source, file) = ("systemd", "its default", main)
        for path in [main] + files.names(in: directory).map({ "\(directory)/\($0)" }) {
            guard let text = files.textIfPresent(of: path),
                let told = TOMLOutline(text).assignments.last(where: {
                    $0.path == ["crio", "runtime", "cgroup_manager"]
                }),
                let name = told.strings.first
            else { continue }
            (driver, source, file) = (name, "\(path):\(told.line)", path)
        }
        return RuntimeDriver(name: "CRI-O", driver: driver, source: source) { [file] wanted in
            // CRI-O takes no other group of conmon with that driver.
            let conmon = wanted == "cgroupfs" ? " and conmon_cgroup = \"pod\"" : ""
            return
                "cgroup_manager = \"\(wanted)\"\(conmon) below [crio.runtime] in \(file), then systemctl restart crio"
        }
    }
}

// MARK: - containerd

extension RuntimeDriver {
    /// What containerd says of its default handler; nil when nothing does, or kubelet cannot use it.
    private static func containerd(_ files: HostFiles, _ main: String) -> RuntimeDriver? {
        let all = ContainerdConfiguration(main, text: files.textIfPresent(of:), names: files.names(in:))
        guard let first = all.parts.first else { return nil }
        // Docker brings a containerd that kubelet cannot use.
        guard !all.disabled.contains(where: { $0 == "cri" || $0.hasSuffix(".cri") }) else { return nil }
        let assignments = all.assignments
        let handler =
            assignments.last { $0.assignment.path.last == "default_runtime_name" }?.assignment.strings.first ?? "runc"
        let key = ["runtimes", handler, "options", "SystemdCgroup"]
        var told: (path: String, assignment: TOMLOutline.Assignment)?
        for part in all.parts {
            if let found = assignments.last(where: { $0.path == part.path && $0.assignment.path.suffix(4) == key[...] })
            {
                told = found
            } else if part.outline.assignments.contains(where: { $0.value.contains("SystemdCgroup") }) {
                // It stands in an inline table, whose inside is not read.
                return nil
            }
        }
        let plugin = first.version >= 3 ? ContainerdConfiguration.plugin : ContainerdConfiguration.oldPlugin
        let table = "[plugins.\"\(plugin)\".containerd.runtimes.\(handler).options]"
        let file = told?.path ?? main
        return RuntimeDriver(
            name: "containerd", driver: told?.assignment.value == "true" ? "systemd" : "cgroupfs",
            source: told.map { "\($0.path):\($0.assignment.line)" } ?? "its default"
        ) { wanted in
            "SystemdCgroup = \(wanted == "systemd") below \(table) in \(file), then systemctl restart containerd"
        }
    }
}
