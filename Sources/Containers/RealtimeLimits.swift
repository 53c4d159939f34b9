// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import Linux
import ShieldKit

/// How much real-time scheduling a container may ask for, and which container.
package struct RealtimeLimits: Hashable, Sendable {
    /// The highest priority that is granted, 0 to 99; with 0 nobody gets real-time priority.
    package var maxPriority = 0
    /// The policies that are granted; with none, nobody gets real-time scheduling.
    package var policies: Set<RealtimePolicy> = [.fifo, .rr]
    /// What becomes of a request above these limits.
    package var above = Excess.deny
    /// The most real-time microseconds of each second (`cpu.rt_runtime_us`); nil when only the kernel limits them.
    package var runtime: Int?
    /// Who may ask: whoever one of these describes; nil when anybody may.
    package var selectors: [ContainerSelector]?

    /// The limits of a configuration that says nothing: priority 0.
    package init() {}

    /// What becomes of a container that asks for more than is granted.
    package enum Excess: String, Hashable, Sendable, CaseIterable {
        /// It does not start.
        case deny
        /// It gets what is granted.
        case clamp
        /// It starts as if it had not asked.
        case ignore
    }

    /// Describes containers: those for which everything holds that is given.
    package struct ContainerSelector: Hashable, Sendable {
        /// What had them started.
        package var engine: Engine?
        /// Their Kubernetes namespace.
        package var namespace: NamePattern?
        /// The image they are made of.
        package var image: NamePattern?
        /// An annotation that they have.
        package var annotation: AnnotationPattern?

        /// Describes all containers.
        package init() {}
    }

    /// Describes an annotation.
    package struct AnnotationPattern: Hashable, Sendable {
        /// Its key.
        package var key: String
        /// Its value; nil when any will do.
        package var value: NamePattern?

        /// Makes a description.
        package init(_ key: String, value: NamePattern? = nil) {
            self.key = key
            self.value = value
        }
    }
}

extension RealtimeLimits.ContainerSelector {
    /// Whether the container is one of those described.
    func describes(_ container: Container) -> Bool {
        if let engine, engine != container.engine { return false }
        if let namespace, !(container.namespace.map(namespace.matches) ?? false) { return false }
        if let image, !(container.image.map(image.matches) ?? false) { return false }
        guard let annotation else { return true }
        guard let value = container.annotations[annotation.key] else { return false }
        return annotation.value?.matches(value) ?? true
    }
}

/// A real-time scheduling policy, sched(7).
package enum RealtimePolicy: String, Hashable, Sendable, CaseIterable {
    /// It runs until it waits or a higher priority is ready (`SCHED_FIFO`).
    case fifo
    /// The same, in turns with those of equal priority (`SCHED_RR`).
    case rr
    /// It gets a time budget in each period (`SCHED_DEADLINE`).
    case deadline
}
