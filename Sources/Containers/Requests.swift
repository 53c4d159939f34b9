// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// What a container requests, beyond CPUs: its annotations, and the scheduling that its configuration asks for.
package struct Requests: Hashable, Sendable {
    /// What it says of each feature; those of which it says nothing are missing.
    package var features: [Feature: FeatureRequest] = [:]
    /// Whether its CPUs are to be its own.
    package var cpus: CPURequest?
    /// The real-time scheduling that it asks for.
    package var realtime: RealtimeRequest?

    /// Requests nothing.
    package init() {}

    /// What it says of a feature; nil when it says nothing.
    package subscript(feature: Feature) -> FeatureRequest? {
        get { features[feature] }
        set { features[feature] = newValue }
    }

    /// These requests, and where they say nothing those of others.
    func completed(by others: Requests) -> Requests {
        var requests = self
        requests.features.merge(others.features) { own, _ in own }
        requests.realtime = realtime ?? others.realtime
        return requests
    }
}

extension Requests {
    /// A feature that is asked for.
    package struct Row: Hashable, Sendable {
        /// The feature.
        package var feature: Feature
        /// What is asked of it.
        package var request: FeatureRequest

        /// What it is, as words that follow "would be granted:"; parts of it come from the container.
        package var text: String { feature.text(request) }
    }

    /// The features that are asked for, in the order of the table.
    package var rows: [Row] {
        Feature.allCases.compactMap { feature in
            features[feature].flatMap { $0 == .enable ? nil : Row(feature: feature, request: $0) }
        }
    }
}

/// Whether the CPUs of a container are its own, as its annotation has it.
package enum CPURequest: String, Hashable, Sendable, CaseIterable {
    /// They are, where its administrator decides that: not under Kubernetes.
    case exclusive
    /// They are not, whatever speaks for it.
    case shared
}

extension Requests {
    /// Reads what a container requests.
    ///
    /// Annotations of rtshield's that are unknown, and values that cannot be understood, are errors: a program that relies on
    /// what it asked for should not start without. Other annotations are nobody's business here.
    ///
    /// - Throws: ``RequestError`` with everything that is wrong.
    package init(of container: Container) throws(RequestError) {
        var parser = RequestParser(container)
        parser.refuseUnknown()
        for feature in Feature.allCases { features[feature] = parser.request(feature) }
        cpus = parser.word(.cpus)
        realtime = parser.realtime(container)
        guard parser.problems.isEmpty else { throw RequestError(problems: parser.problems) }
    }
}
