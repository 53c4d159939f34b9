// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import MachineKit
import ShieldKit

extension Rule {
    static let ungranted = Rule(
        "granted", .containers,
        title: "Containers with CPUs of their own have what they asked for",
        why:
            "Interrupts, kernel threads, load balancing and real-time limits are only changed for a container by rtshield's "
            + "hook, as it starts. Started without the hook, it has its CPUs and nothing else.",
        reference: specManual
    ) { evidence in
        evidence.containers.all.compactMap { container in
            guard container.isExclusive, container.grant == nil, let decision = container.decision,
                evidence.containers.ledger != nil
            else { return nil }
            let names = decision.askedFor.filter { !evidence.isDone(name: $0, by: decision.container.engine) }
            guard !names.isEmpty else { return nil }
            let again = "stop it and start it again: the hook grants only then"
            return .warning(
                "\(container.title) asked for \(names.joined(separator: ", ")), and was granted nothing",
                wanted: "a row of it in 'rtshield ps'", fix: container.hasHook ? again : container.install)
        }
    }

    static let unheardRequests = Rule(
        "unheard", .containers,
        title: "No container has annotations that nobody reads",
        why:
            "Annotations of rtshield.io and crio.io do nothing by themselves: CRI-O or rtshield's hook has to carry them "
            + "out, and a container that its engine started without either shares CPUs like any other.",
        reference: specManual
    ) { evidence in
        evidence.containers.all.compactMap { container in
            guard let decision = container.decision, !container.isExclusive, !container.hasHook,
                container.grant == nil, decision.container.sandboxReason == nil
            else { return nil }
            let keys = decision.container.annotations.keys.filter { key in
                AnnotationKey.isAny(in: [key: ""]) && !evidence.isDone(name: key, by: decision.container.engine)
            }
            guard !keys.isEmpty else { return nil }
            return .note(
                "\(container.title) has \(keys.sorted().joined(separator: ", ")), and nobody acts on that",
                wanted: "rtshield-hook in its configuration", fix: container.install)
        }
    }
}

extension Evidence {
    /// Whether an engine carries out an annotation without rtshield.
    fileprivate func isDone(name: String, by engine: Engine) -> Bool {
        engine == .crio && !name.hasPrefix(AnnotationKey.prefix)
    }
}

extension Decision {
    /// The annotations by which it asked for what only a hook can give.
    fileprivate var askedFor: [String] {
        var names = requests.rows.map(\.feature.key)
        if case .granted? = realtime { names.append(AnnotationKey.priority.key) }
        return names
    }
}
