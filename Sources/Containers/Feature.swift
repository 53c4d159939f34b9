// SPDX-License-Identifier: Apache-2.0

/// One thing that a container may be granted, as the configuration names it.
package enum Feature: String, Hashable, Sendable, CaseIterable {
    /// Real-time scheduling.
    case realtime
    /// CPUs over which the scheduler balances no load.
    case loadBalancing = "load-balancing"
    /// CPUs that interrupts leave.
    case irqs
    /// CPUs that kernel threads leave.
    case kernelThreads = "kernel-threads"
    /// No quota.
    case quota
    /// How deep its CPUs may sleep.
    case idleStates = "idle-states"
    /// The frequency governor of its CPUs.
    case governor
    /// Being kept off the CPUs of others.
    case cpus

    /// Those without which a container does not start, unless the configuration says otherwise.
    ///
    /// Who asks for real time or isolation relies on it; the rest is worth a line in the log.
    package static let strict: Set<Feature> = [.realtime, .loadBalancing]
}

/// Something that could not be granted.
package struct UnmetRequest: Hashable, Sendable {
    /// What.
    package var concern: Feature
    /// Why, in one line without a full stop; parts come from the kernel, none from the container.
    package var line: String

    /// Tells of something.
    package init(_ concern: Feature, _ line: String) {
        self.concern = concern
        self.line = line
    }
}

extension UnmetRequest: CustomStringConvertible {
    /// What and why.
    package var description: String { "\(concern.rawValue): \(line)" }
}
