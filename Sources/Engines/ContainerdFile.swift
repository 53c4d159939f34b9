// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Text

/// containerd's `config.toml`, with a runtime handler `rtshield` for its CRI plugin, which is what kubelet talks to.
///
/// The handler is appended to the file itself. In a file of its own, which the first one imports, it would replace all that
/// the first says of the plugin: before containerd 2.0 imports replace whole plugins (`mergeConfig`,
/// services/server/config/config.go in 1.6.20). From 2.2 on `containerd config default` imports `/etc/containerd/conf.d`; a
/// file that does not say so has nothing imported there either.
struct ContainerdFile {
    static let path = "/etc/containerd/config.toml"
    private static let handler = "rtshield"

    /// The text without our block.
    private let text: String
    private let outline: TOMLOutline
    private let block: MarkedBlock?
    /// Nil where containerd has no file and goes by its defaults.
    private let isAbsent: Bool

    init(_ text: String?) throws(Problem) {
        block = try text.flatMap { text throws(Problem) in try MarkedBlock.find(in: text, of: Self.path) }
        self.text = block?.rest ?? text ?? ""
        isAbsent = self.text.isEmpty && (text == nil || block != nil)
        outline = TOMLOutline(self.text)
    }

    /// The text with the handler.
    ///
    /// - Parameters:
    ///   - programs: Where the programs are.
    ///   - all: What containerd reads with the file; nil for the file alone.
    /// - Returns: The text, with new lines in the place of old ones.
    /// - Throws: ``Problem`` where containerd would not read the handler, or one is there that is not ours.
    func installing(_ programs: Programs, within all: ContainerdConfiguration? = nil) throws(Problem) -> String {
        let plugin = try plugin()
        try refuseDisabled(all)
        try refuseNewer(all)
        try refuseOtherForms(of: plugin)
        let runtimes = ["plugins", plugin, "containerd", "runtimes"]
        let lines = lines(for: programs, below: runtimes, usesSystemd(runtimes, all))
        return block?.holding(lines) ?? MarkedBlock.put(lines, behind: text)
    }

    /// The text without the handler; nil where nothing remains.
    var removing: String? { isAbsent ? nil : text }

    /// Whether another file may have the last word.
    var hasImports: Bool { outline["imports"].map { !TOMLText.strings(in: $0).isEmpty } ?? false }

    /// How the version calls the plugin.
    private func plugin() throws(Problem) -> String {
        // What is of version 2 containerd 2 understands too.
        switch isAbsent ? "2" : outline["version"] ?? "1" {
        // containerd 2 takes the new name in a file of version 2 too, and then nothing by the old one.
        case "2": return namesNewPlugin ? ContainerdConfiguration.plugin : ContainerdConfiguration.oldPlugin
        case "3", "4": return ContainerdConfiguration.plugin
        case let version:
            throw Problem(
                "\(Self.path) has version \(version), which rtshield cannot edit",
                why: version == "1" ? "a file without 'version' has version 1, in which plugins have other names" : nil,
                fix: "'containerd config migrate' prints it in the newest version that containerd supports")
        }
    }

    private var namesNewPlugin: Bool {
        let path = ["plugins", ContainerdConfiguration.plugin]
        return outline.tables.contains { $0.starts(with: path) }
            || outline.assignments.contains { $0.path.starts(with: path) }
    }

    /// Refuses where a file of a later version is imported: containerd 2.1 then passes over what ours says, and others of 2.x
    /// do not start.
    private func refuseNewer(_ all: ContainerdConfiguration?) throws(Problem) {
        guard let newer = all?.newer else { return }
        throw Problem(
            "\(Self.path) has version \(outline["version"] ?? "1"), but \(newer.path), which it imports, has version "
                + "\(newer.version)",
            why: "containerd 2 then ignores what the first file says about the CRI plugin, and 1.x does not start",
            fix: "give both the same version: 'containerd config migrate' prints the first file in the newest one")
    }

    /// Refuses where the plugin is off, as in the file that comes with the packages of Docker's own site.
    private func refuseDisabled(_ all: ContainerdConfiguration?) throws(Problem) {
        let disabled = all?.disabled ?? TOMLText.strings(in: outline["disabled_plugins"] ?? "")
        guard disabled.contains(where: { $0 == "cri" || $0.contains(".cri.") || $0.hasSuffix(".cri") }) else { return }
        throw Problem(
            "containerd's CRI plugin is disabled in \(Self.path)",
            why: "handlers are for Kubernetes, which needs the plugin; Docker has runtimes of its own",
            fix: "remove it from disabled_plugins, or set up Docker instead")
    }

    /// Refuses what a table cannot be added to, and a handler of that name that is not ours.
    private func refuseOtherForms(of plugin: String) throws(Problem) {
        let runtimes = ["plugins", plugin, "containerd", "runtimes"]
        let isClosed = outline.assignments.contains { assignment in
            let isAbove = runtimes.starts(with: assignment.path) && assignment.value.hasPrefix("{")
            return isAbove || assignment.path.starts(with: runtimes) && assignment.depth < runtimes.count
        }
        if isClosed {
            throw Problem(
                "the runtimes in \(Self.path) are not written as tables, so rtshield cannot add one",
                why: "they are dotted keys or an inline table",
                fix: "write them as [plugins.\"\(plugin)\"….runtimes.NAME]")
        }
        guard outline.tables.contains(where: { $0.starts(with: runtimes + [Self.handler]) }) else { return }
        throw Problem(
            "\(Self.path) has a runtime '\(Self.handler)' already, which rtshield did not write",
            fix: "remove it, and try again")
    }
}

// MARK: - The block

extension ContainerdFile {
    private func lines(for programs: Programs, below runtimes: [String], _ usesSystemd: Bool) -> String {
        let table = { (parts: [String]) in
            "[" + (runtimes + parts).map { $0.contains(".") ? "\"\($0)\"" : $0 }.joined(separator: ".") + "]"
        }
        var lines = isAbsent ? ["version = 2"] : []
        if !outline.tables.contains(where: { $0.starts(with: runtimes) && $0.count > runtimes.count }) {
            // A file that names one runtime has only that: containerd 1.6 forgets its default, and its CRI plugin fails.
            lines += [table(["runc"]), #"  runtime_type = "io.containerd.runc.v2""#]
        }
        lines += [
            table([Self.handler]), #"  runtime_type = "io.containerd.runc.v2""#,
            // Matched as by path.Match, where `*` stops at a slash; `cpu-quota.crio.io/NAME` is for one container.
            #"  pod_annotations = ["rtshield.io/*", "*.crio.io", "*.crio.io/*"]"#,
            table([Self.handler, "options"]), "  BinaryName = \"\(programs.runtime)\"",
        ]
        if usesSystemd { lines.append("  SystemdCgroup = true") }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Whether groups are made through systemd: a node has one cgroup driver, kubelet's, and all handlers use it.
    private func usesSystemd(_ runtimes: [String], _ all: ContainerdConfiguration?) -> Bool {
        let told =
            outline.assignments.filter { $0.path.starts(with: runtimes) } + (all?.assignments.map(\.assignment) ?? [])
        return told.contains {
            $0.path.last == "SystemdCgroup" && $0.value == "true" && !$0.path.contains(Self.handler)
        }
    }
}

/// How containerd under kubelet is told of rtshield: with a runtime handler in its configuration.
struct ContainerdSetup: EngineSetup {
    let files: EngineFiles

    func installing(_ programs: Programs) throws(Problem) -> Setup {
        let old = try files.text(of: ContainerdFile.path)
        let file = try ContainerdFile(old)
        let all = try ContainerdConfiguration(
            ContainerdFile.path, text: files.text(of:), names: files.names(in:))
        let new = try file.installing(programs, within: all)
        return setup(
            FileChange(ContainerdFile.path, from: old, to: new),
            remarks: [
                "a pod requests it with 'runtimeClassName: rtshield', once the RuntimeClass is applied"
            ]
                + (file.hasImports ? [Self.imports] : []))
    }

    func removing() throws(Problem) -> Setup {
        let old = try files.text(of: ContainerdFile.path)
        return setup(
            FileChange(ContainerdFile.path, from: old, to: try ContainerdFile(old).removing),
            remarks: ["pods with 'runtimeClassName: rtshield' no longer start on this node"])
    }

    private func setup(_ change: FileChange?, remarks: [String]) -> Setup {
        Setup(changes: [change].compactMap(\.self), command: "systemctl restart containerd", remarks: remarks)
    }

    private static let imports =
        "\(ContainerdFile.path) imports other files: before containerd 2.0 a file that configures the CRI plugin "
        + "replaces everything that this file says about it; 'containerd config dump' shows whether the runtime is present"
}
