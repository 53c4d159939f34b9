// SPDX-License-Identifier: Apache-2.0

/// Where the cpuset controller lives on this machine, and who manages the groups.
///
/// Read from mountinfo, never from `/proc/cgroups`: kernel 6.12 lists cpuset there although it has no v1 cpuset.
package struct CgroupLayout: Hashable, Sendable {
    package enum Version: String, Hashable, Sendable, Codable {
        case v1, v2
    }

    /// Who creates and configures the groups of the cpuset hierarchy.
    package enum Owner: String, Hashable, Sendable, Codable {
        /// systemd runs with the unified hierarchy and writes cpuset files itself.
        case systemd
        /// Nobody but the container engines: no systemd, or one that leaves cpuset alone (v1 and hybrid).
        case nobody
    }

    package var version: Version
    /// Whether both cgroup versions are mounted.
    package var isHybrid: Bool
    package var mountPoint: String
    /// Where the cpu controller lives, which gives out time: on cgroup v1 a hierarchy of its own; nil when nowhere.
    package var budgetPoint: String?
    /// Whether that hierarchy is of cgroup v1.
    package var hasLegacyBudget: Bool
    /// What file names begin with: `cpuset.`, or nothing on a v1 mount with `noprefix`.
    package var prefix: String
    package var owner: Owner
    /// Whether systemd is the init of this machine, whoever owns the cpuset hierarchy.
    package var hasSystemd: Bool

    /// Finds the cpuset hierarchy among the mounts; nil when none has the controller.
    ///
    /// - Parameters:
    ///   - mounts: The mounts of the machine.
    ///   - controllers: The controllers that the cgroup v2 hierarchy mounted at a path offers.
    ///   - hasSystemd: Whether systemd is the init (`/run/systemd/system` exists).
    package init?(mounts: [Mount], controllers: (String) -> [String], hasSystemd: Bool) {
        let legacy = mounts.filter { $0.fileSystem == "cgroup" || $0.fileSystem == "cpuset" }
        let unified = mounts.filter { $0.fileSystem == "cgroup2" && $0.root == "/" }
        isHybrid = !legacy.isEmpty && !unified.isEmpty
        self.hasSystemd = hasSystemd
        let budget = legacy.first { $0.superOptions.contains("cpu") }
        hasLegacyBudget = budget != nil
        budgetPoint = (budget ?? unified.first { controllers($0.point).contains("cpu") })?.point
        if let mount = legacy.first(where: { $0.fileSystem == "cpuset" || $0.superOptions.contains("cpuset") }) {
            version = .v1
            mountPoint = mount.point
            let bare = mount.fileSystem == "cpuset" || mount.superOptions.contains("noprefix")
            prefix = bare ? "" : "cpuset."
            owner = .nobody
        } else if let mount = unified.first(where: { controllers($0.point).contains("cpuset") }) {
            version = .v2
            mountPoint = mount.point
            prefix = "cpuset."
            owner = hasSystemd && legacy.isEmpty ? .systemd : .nobody
        } else {
            return nil
        }
    }

    /// The name that the kernel gives to a cpuset file here, such as `cpuset.cpus` for `cpus`.
    package func name(_ file: String) -> String { prefix + file }

    /// The file that lists, and takes, the tasks to move: threads on v1, whole processes on v2.
    package var tasksFile: String { version == .v1 ? "tasks" : "cgroup.procs" }

    /// How a person calls this layout.
    package var title: String {
        switch (version, isHybrid) {
        case (.v1, false): "cgroup v1"
        case (.v2, false): "cgroup v2"
        case (.v1, true): "hybrid cgroups, cpuset on v1"
        case (.v2, true): "hybrid cgroups, cpuset on v2"
        }
    }
}
