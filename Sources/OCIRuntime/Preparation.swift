// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Containers
internal import JSON

/// What is done to the configuration of a container before it starts.
///
/// The hook is added and, where the administrator wants it, the seccomp profile opened. Which CPUs the container gets
/// is the hook's business, so that it can be taken back.
struct Preparation {
    /// The path of the hook.
    let hook: String
    /// What the administrator wants.
    let settings: RuntimeSettings
    /// Where the configuration is.
    let place: RuntimeInvocation.Place
    /// What did not keep the container from starting, one line each.
    private(set) var warnings: [String] = []

    init(hook: String, settings: RuntimeSettings, place: RuntimeInvocation.Place) {
        self.hook = hook
        self.settings = settings
        self.place = place
    }

    /// Changes a configuration.
    ///
    /// - Returns: The new configuration; nil when there is nothing to change.
    /// - Throws: ``RuntimeError`` with what cannot be understood.
    mutating func prepare(_ text: [UInt8]) throws(RuntimeError) -> [UInt8]? {
        var editor: Editor
        do throws(JSONError) {
            editor = try Editor(text, limit: Spec.largest)
        } catch {
            throw RuntimeError("\(place.path):\(error)")
        }
        do throws(TypeMismatch) {
            try HookEntries(hook: hook).add(to: &editor)
        } catch {
            throw RuntimeError(
                "\(place.path):\(Place(ofByte: error.node.range.lowerBound, in: text)): \(error.message)")
        }
        if settings.containers.opensSeccomp { try openSeccomp(in: &editor) }
        return editor.hasChanges ? editor.text : nil
    }

    private mutating func openSeccomp(in editor: inout Editor) throws(RuntimeError) {
        guard let node = editor.root["linux"]?["seccomp"], node.content != .null else { return }
        let spec: Spec
        do throws(DocumentError) {
            spec = try Spec(reading: editor.original)
        } catch {
            let refusal = RuntimeError("\(place.path):\(error.line):\(error.column): \(error.message)")
            if BundleFile.speaksOfRequests(editor.original) { throw refusal }
            warnings.append("the seccomp profile is left as it is: \(refusal)")
            return
        }
        guard let profile = spec.seccomp, isGrantedRealtime(Container(spec, bundle: place.directory)) else { return }
        SeccompOpening(calls: profile.refusals.map(\.call.rawValue)).open(profile, at: node, in: &editor)
    }

    /// Whether the container asks for real-time scheduling and may have it; what it may not have, the hook reports.
    private mutating func isGrantedRealtime(_ container: Container) -> Bool {
        // Engines hand the annotations of a pod to its sandbox too, which gets nothing.
        guard container.sandboxReason == nil, let request = try? Requests(of: container).realtime else { return false }
        do throws(RuntimeError) {
            let decision = RealtimeDecision(on: request, of: container, within: try settings.realtime())
            return if case .granted = decision { true } else { false }
        } catch {
            warnings.append("the seccomp profile is left as it is: \(error)")
            return false
        }
    }
}

/// The entries by which a runtime calls rtshield's hook.
struct HookEntries {
    /// The path of the hook.
    let hook: String

    private var entry: Value {
        [
            "path": .string(hook), "args": [.string(HookRegistration.program)],
            "timeout": .number(HookRegistration.timeout),
        ]
    }

    /// Adds the entries that are missing, behind those of others.
    ///
    /// - Throws: ``TypeMismatch`` where a list of hooks cannot be.
    func add(to editor: inout Editor) throws(TypeMismatch) {
        guard case .object = editor.root.content else { throw TypeMismatch("the text", "an object", editor.root) }
        guard let hooks = editor.root["hooks"], hooks.content != .null else {
            let all = HookRegistration.stages.map { Value.Member($0, [entry]) }
            editor.set("hooks", in: editor.root, to: .object(all))
            return
        }
        guard case .object = hooks.content else { throw TypeMismatch("hooks", "an object", hooks) }
        for stage in HookRegistration.stages { try add(stage, to: hooks, &editor) }
    }

    private func add(_ stage: String, to hooks: Node, _ editor: inout Editor) throws(TypeMismatch) {
        guard let list = hooks[stage], list.content != .null else {
            editor.set(stage, in: hooks, to: [entry])
            return
        }
        guard case .array(let entries) = list.content else { throw TypeMismatch("hooks.\(stage)", "a list", list) }
        guard !entries.contains(where: { $0["path"]?.content == .string(hook) }) else { return }
        editor.append(entry, to: list)
    }
}

/// A value that is not of the kind that its place wants.
struct TypeMismatch: Error {
    let message: String
    let node: Node

    init(_ subject: String, _ wanted: String, _ node: Node) {
        message = "\(subject): \(wanted) is wanted here"
        self.node = node
    }
}
