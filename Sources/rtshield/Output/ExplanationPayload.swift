// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import MachineKit
import Reports
import ShieldKit
import Text

/// What `explain --json` prints for programs.
struct ExplanationPayload: Encodable {
    struct Reason: Encodable {
        var condition: String
        var speaksFor: Bool?
        var text: String
        var decides: Bool
    }

    struct Request: Encodable {
        var annotation: String
        var text: String
        var granted: Bool
    }

    struct Realtime: Encodable {
        var decision: String
        var policy: String?
        var priority: Int?
        var runtime: UInt64?
        var deadline: UInt64?
        var period: UInt64?
        var why: String?
    }

    struct Problem: Encodable {
        var key: String
        var message: String
        var hint: String
    }

    struct Refusal: Encodable {
        var call: String
        var action: String
        var dependsOnArguments: Bool
    }

    var id: String?
    var engine: String
    var namespace: String?
    var name: String?
    var pod: String?
    var image: String?
    var verdict: String
    var cpus: String
    var reasons: [Reason]
    var requests: [Request]
    var realtime: Realtime?
    var problems: [Problem]
    var seccomp: [Refusal]
    var housekeeping: String
    var isDenied: Bool

    init(_ decision: Decision) {
        let (container, ownership) = (decision.container, decision.ownership)
        id = container.id?.text
        engine = container.engine.rawValue
        (namespace, name, pod, image) = (container.namespace, container.name, container.podUID, container.image)
        verdict = ownership.kind.rawValue
        cpus = ownership.cpus.description
        reasons = ownership.reasons.enumerated().map { index, reason in
            Reason(
                condition: reason.condition.rawValue, speaksFor: reason.speaksFor, text: reason.text,
                decides: index == ownership.deciding)
        }
        requests = decision.requests.rows.map {
            Request(annotation: $0.feature.key, text: $0.text, granted: ownership.isOwner)
        }
        realtime = decision.realtime.map(Realtime.init)
        problems = decision.problems.map { Problem(key: $0.key, message: $0.message, hint: $0.hint) }
        seccomp = decision.refusals.map {
            Refusal(call: $0.call.rawValue, action: $0.action.name, dependsOnArguments: $0.dependsOnArguments)
        }
        housekeeping = decision.allocation.housekeeping.description
        isDenied = decision.denial != nil
    }
}

extension ExplanationPayload.Realtime {
    fileprivate init(_ decision: RealtimeDecision) {
        switch decision {
        case .denied(let why): self.init(decision: "denied", why: why)
        case .ignored(let why): self.init(decision: "ignored", why: why)
        case .granted(let grant):
            self.init(
                decision: "granted", policy: grant.policy?.rawValue, priority: grant.priority,
                runtime: grant.budget?.runtime, deadline: grant.budget?.deadline, period: grant.budget?.period,
                why: grant.shortened.isEmpty ? nil : grant.shortened.joined(separator: "; "))
        }
    }
}
