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
    let settings: Settings
    /// Where the configuration is.
    let place: Invocation.Place
    /// What did not keep the container from starting, one line each.
    private(set) var warnings: [String] = []

    init(hook: String, settings: Settings, place: Invocation.Place) {
        self.hook = hook
        self.settings = settings
        self.place = place
    }

    /// Changes a configuration.
    ///
    /// - Returns: The new configuration; nil when there is nothing to change.
    /// - Throws: ``Refusal`` with what cannot be understood.
    mutating func prepare(_ text: [UInt8]) throws(Refusal) -> [UInt8]? {
        var editor: Editor
        do throws(JSONError) {
            editor = try Editor(text, limit: Spec.largest)
        } catch {
            throw Refusal("\(place.path):\(error)")
        }
        do throws(Misfit) {
            try HookEntries(hook: hook).add(to: &editor)
        } catch {
            throw Refusal("\(place.path):\(Place(ofByte: error.node.range.lowerBound, in: text)): \(error.message)")
        }
        if settings.containers.opensSeccomp { try openSeccomp(in: &editor) }
        return editor.hasChanges ? editor.text : nil
    }

    private mutating func openSeccomp(in editor: inout Editor) throws(Refusal) {
        guard let node = editor.root["linux"]?["seccomp"], node.content != .null else { return }
        let spec: Spec
        do throws(DocumentError) {
            spec = try Spec(reading: editor.original)
        } catch {
            let refusal = Refusal("\(place.path):\(error.line):\(error.column): \(error.message)")
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
        do throws(Refusal) {
            let decision = RealtimeDecision(on: request, of: container, within: try settings.realtime())
            return if case .granted = decision { true } else { false }
        } catch {
            warnings.append("the seccomp profile is left as it is: \(error)")
            return false
        }
    }
}
