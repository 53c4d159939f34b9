// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import JSON
import Text

/// Docker's `daemon.json`, with a runtime `rtshield`; all else of it stays as it is, byte for byte.
struct DaemonFile {
    static let path = "/etc/docker/daemon.json"
    private static let runtime = "rtshield"
    private static let largest = 4 << 20

    private let original: String?
    /// Nil where Docker has no file, or an empty one.
    private let editor: Editor?

    init(_ text: String?) throws(Problem) {
        original = text
        guard let text, text.contains(where: { !$0.isWhitespace }) else {
            editor = nil
            return
        }
        editor = try Self.editor(text)
        guard case .object? = editor?.root.content else {
            throw Problem("\(Self.path) is not a JSON object", why: "dockerd does not start with it")
        }
    }

    private static func editor(_ text: String) throws(Problem) -> Editor {
        do throws(JSONError) {
            return try Editor(Array(text.utf8), limit: largest)
        } catch {
            throw Problem(
                "\(path):\(error)", why: "dockerd does not start with it, nor can rtshield change it",
                fix: "fix it, and try again")
        }
    }

    /// The text with the runtime.
    ///
    /// - Parameters:
    ///   - programs: Where the runtime is.
    ///   - isDefault: Whether it becomes the runtime of containers that name none.
    /// - Returns: The text; byte for byte what it was, where all is there already.
    /// - Throws: ``Problem`` where the file has another runtime of that name, or another default.
    func installing(_ programs: Programs, isDefault: Bool) throws(Problem) -> String {
        let text = Self.created(for: programs.runtime)
        guard var editor = editor else { return isDefault ? Self.withDefault(text) : text }
        try install(programs.runtime, with: &editor)
        if isDefault { try makeDefault(with: &editor) }
        return String(decoding: editor.text, as: UTF8.self)
    }

    /// The text without the runtime; nil where nothing remains of what rtshield made.
    func removing() throws(Problem) -> String? {
        guard var editor, let text = original else { return original }
        if let runtimes = editor.root["runtimes"], let ours = runtimes[Self.runtime] {
            let path = try path(of: ours)
            let created = Self.created(for: path)
            if text.utf8.elementsEqual(created.utf8) || text.utf8.elementsEqual(Self.withDefault(created).utf8) {
                return nil
            }
            if case .object(let members) = runtimes.content, members.count == 1 {
                editor.remove("runtimes", from: editor.root)
            } else {
                editor.remove(Self.runtime, from: runtimes)
            }
        }
        if defaultRuntime == Self.runtime { editor.remove("default-runtime", from: editor.root) }
        return String(decoding: editor.text, as: UTF8.self)
    }
}

// MARK: - Parts

extension DaemonFile {
    private func install(_ runtime: String, with editor: inout Editor) throws(Problem) {
        let value: Value = ["path": .string(runtime)]
        guard let runtimes = editor.root["runtimes"] else {
            return editor.set("runtimes", in: editor.root, to: [Self.runtime: value])
        }
        guard case .object = runtimes.content else {
            throw Problem("'runtimes' in \(Self.path) is not an object", why: "dockerd does not start with it")
        }
        guard let ours = runtimes[Self.runtime] else { return editor.set(Self.runtime, in: runtimes, to: value) }
        if try path(of: ours) != runtime { editor.set("path", in: ours, to: .string(runtime)) }
    }

    private func makeDefault(with editor: inout Editor) throws(Problem) {
        guard editor.root["default-runtime"] != nil else {
            return editor.set("default-runtime", in: editor.root, to: .string(Self.runtime))
        }
        guard defaultRuntime != Self.runtime else { return }
        throw Problem(
            "\(Self.path) has another default-runtime already: '\(defaultRuntime ?? "?")'",
            why: "uninstall could not restore it",
            fix: "remove it first ('runc' is Docker's own default), or leave the default as it is")
    }

    private var defaultRuntime: String? {
        guard case .string(let name)? = editor?.root["default-runtime"]?.content else { return nil }
        return name
    }

    /// What a runtime of our name starts, which has to be ours too.
    private func path(of runtime: Node) throws(Problem) -> String {
        if case .string(let path)? = runtime["path"]?.content, Programs.isPath(path, to: Programs.runtimeName) {
            return path
        }
        throw Problem(
            "\(Self.path) has a runtime '\(Self.runtime)' already, which does not start \(Programs.runtimeName)",
            why: "so rtshield did not write it", fix: "give it another name, or remove it")
    }

    /// The whole file where there was none, laid out unlike what an empty object becomes, so that uninstalling knows.
    private static func created(for runtime: String) -> String {
        """
        {
            "runtimes": {
                "\(Self.runtime)": {
                    "path": "\(runtime)"
                }
            }
        }

        """
    }

    private static func withDefault(_ text: String) -> String {
        guard var editor = try? editor(text) else { return text }
        editor.set("default-runtime", in: editor.root, to: .string(runtime))
        return String(decoding: editor.text, as: UTF8.self)
    }
}

/// How Docker, which has no hooks of its own, is told of rtshield: with a runtime that puts the hook in.
struct DockerSetup: EngineSetup {
    let files: EngineFiles
    /// Whether containers that name no runtime get ours too.
    let isDefault: Bool

    func installing(_ programs: Programs) throws(Problem) -> Setup {
        let old = try files.text(of: DaemonFile.path)
        let new = try DaemonFile(old).installing(programs, isDefault: isDefault)
        // Runtimes and the default are among what dockerd reads again (daemon/reload_unix.go in 20.10).
        return Setup(
            changes: [FileChange(DaemonFile.path, from: old, to: new)].compactMap(\.self),
            command: "systemctl reload docker",
            remarks: [
                isDefault
                    ? "existing containers keep the runtime that they were created with"
                    : "'docker run --runtime rtshield' requests it"
            ])
    }

    func removing() throws(Problem) -> Setup {
        let old = try files.text(of: DaemonFile.path)
        // What a file no longer says, a reload of 20.10 leaves as it was.
        return Setup(
            changes: [FileChange(DaemonFile.path, from: old, to: try DaemonFile(old).removing())].compactMap(\.self),
            command: "systemctl restart docker",
            remarks: ["containers that were created with the runtime 'rtshield' do not start without it: recreate them"]
        )
    }
}
