// SPDX-License-Identifier: Apache-2.0

internal import Containers
internal import JSON

/// Opens a seccomp profile for some system calls, and for nothing else.
///
/// Runtimes hand the rules to libseccomp in their order, without those that say what holds anyhow. Of the rules for a
/// call the first without conditions decides, before it or behind it: an own rule in front of all others wins. Where
/// calls are allowed unless a rule says otherwise, no rule can allow one, so that its name is taken out of those that
/// refuse it.
struct SeccompOpening {
    /// The calls, by their names.
    let calls: [String]

    /// Opens the profile of a configuration.
    ///
    /// - Parameters:
    ///   - profile: What was read of it.
    ///   - node: Where it was read: `linux.seccomp`.
    ///   - editor: The configuration.
    func open(_ profile: Seccomp, at node: Node, in editor: inout Editor) {
        guard !calls.isEmpty else { return }
        let list = node["syscalls"]
        if profile.defaultAction.allows {
            guard case .array(let rules) = list?.content, let list else { return }
            for (index, rule) in rules.enumerated() where !profile.rules[index].action.allows {
                removeNames(of: rule, at: index, in: list, &editor)
            }
            return
        }
        let rule: Value = ["names": .array(calls.map(Value.string)), "action": "SCMP_ACT_ALLOW"]
        if let list, list.content != .null {
            editor.prepend(rule, to: list)
        } else {
            editor.set("syscalls", in: node, to: [rule])
        }
    }

    /// Takes the calls out of a rule; a rule without names is none, and goes.
    private func removeNames(of rule: Node, at index: Int, in list: Node, _ editor: inout Editor) {
        guard let node = rule["names"], case .array(let names) = node.content else { return }
        let indices = names.indices.filter { index in
            if case .string(let name) = names[index].content { calls.contains(name) } else { false }
        }
        if indices.isEmpty { return }
        if indices.count == names.count {
            editor.remove(at: index, from: list)
        } else {
            for index in indices { editor.remove(at: index, from: node) }
        }
    }
}
