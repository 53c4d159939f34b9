// SPDX-License-Identifier: Apache-2.0

package import Linux

/// What came of a call of the hook: lines for the log, and whether the container may start.
package struct HookOutcome: Hashable, Sendable {
    /// The exit status of a hook whose container may start.
    package static let done: Int32 = 0
    /// That of one whose container is not to start.
    package static let refused: Int32 = 1

    /// A line for the log of the machine; parts come from strangers.
    package struct Line: Hashable, Sendable {
        /// Without its end.
        package let text: String
        package let severity: SystemLog.Severity
    }

    /// What the administrator of the machine is told, in this order.
    package private(set) var log: [Line] = []
    /// Why the container is not to start, in one line for its runtime to show; nil when it may.
    package private(set) var refusal: String?

    /// The exit status of the hook.
    package var status: Int32 { refusal == nil ? Self.done : Self.refused }

    /// Nothing to tell, and a container that may start.
    package init() {}

    mutating func note(_ text: String, _ severity: SystemLog.Severity) {
        log.append(Line(text: text, severity: severity))
    }

    /// One line for the log, and the same for the runtime when it is fatal.
    mutating func fail(_ failure: HookFailure) {
        note(failure.line, failure.isFatal ? .error : .warning)
        if failure.isFatal { refusal = failure.line }
    }
}
