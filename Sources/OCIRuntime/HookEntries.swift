// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The entries by which a runtime calls rtshield's hook.
struct HookEntries {
    /// When: at the earliest, the container has its groups by then; at the last, everything is to be given back.
    private static let stages = ["createRuntime", "poststop"]
    /// How many seconds the runtime waits; the hook ends itself long before.
    private static let timeout = 5

    /// The path of the hook.
    let hook: String

    private var entry: Value {
        ["path": .string(hook), "args": ["rtshield-hook"], "timeout": .number(Self.timeout)]
    }

    /// Adds the entries that are missing, behind those of others.
    ///
    /// - Throws: ``Misfit`` where a list of hooks cannot be.
    func add(to editor: inout Editor) throws(Misfit) {
        guard case .object = editor.root.content else { throw Misfit("the text", "an object", editor.root) }
        guard let hooks = editor.root["hooks"], hooks.content != .null else {
            let all = Self.stages.map { Value.Member($0, [entry]) }
            editor.set("hooks", in: editor.root, to: .object(all))
            return
        }
        guard case .object = hooks.content else { throw Misfit("hooks", "an object", hooks) }
        for stage in Self.stages { try add(stage, to: hooks, &editor) }
    }

    private func add(_ stage: String, to hooks: Node, _ editor: inout Editor) throws(Misfit) {
        guard let list = hooks[stage], list.content != .null else {
            editor.set(stage, in: hooks, to: [entry])
            return
        }
        guard case .array(let entries) = list.content else { throw Misfit("hooks.\(stage)", "a list", list) }
        guard !entries.contains(where: { $0["path"]?.content == .string(hook) }) else { return }
        editor.append(entry, to: list)
    }
}

/// A value that is not of the kind that its place wants.
struct Misfit: Error {
    let message: String
    let node: Node

    init(_ subject: String, _ wanted: String, _ node: Node) {
        message = "\(subject): \(wanted) is wanted here"
        self.node = node
    }
}
