// SPDX-License-Identifier: Apache-2.0

import Text

/// What it takes to set an engine up, or to undo that: decided, and not yet done.
package struct Setup: Sendable {
    /// The files that change; none where all is as it should be.
    package var changes: [FileChange] = []
    /// The one command that makes the engine notice; nil where it notices by itself.
    package var command: String?
    /// What a person should know beside.
    package var remarks: [String] = []
}

/// How one engine is told of rtshield.
protocol EngineSetup {
    /// What installing would change.
    func installing(_ programs: Programs) throws(Problem) -> Setup
    /// What uninstalling would change.
    func removing() throws(Problem) -> Setup
}
