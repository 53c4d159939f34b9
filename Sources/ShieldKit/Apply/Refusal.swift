// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit
package import Text

/// A change that the machine did not take, why, and what can be done; everything done before it was undone.
package struct Refusal: Error, Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// The kernel or the file system refused.
        case file(FileError)
        /// The write succeeded and the file reads differently.
        case notHeld(path: String, wanted: String, found: String)
        /// The kernel made an invalid partition, and says why.
        case invalidPartition(path: String, PartitionState)
        /// A program that rtshield asked, systemctl above all, failed.
        case program(command: String, status: Int32, output: String)
    }

    package var cause: Cause
    package var why: String
    package var advice: String
    /// What could not be undone; empty when the machine is as it was.
    package var left: [UndoReport.Leftover]

    package init(_ cause: Cause, why: String, advice: String, left: [UndoReport.Leftover] = []) {
        self.cause = cause
        self.why = why
        self.advice = advice
        self.left = left
    }

    /// What was refused, why, and what can be done.
    package var problem: Problem { Problem(what, why: why, fix: advice) }

    /// What was refused, in one line.
    package var what: String {
        switch cause {
        case .file(let error): error.description
        case .notHeld(let path, let wanted, let found):
            "wrote '\(wanted)' to \(path), but the kernel holds '\(found)'"
        case .invalidPartition(let path, let state): "\(path) became '\(state)'"
        case .program(let command, let status, let output):
            "'\(command)' failed with status \(status)" + (output.isEmpty ? "" : ": \(output)")
        }
    }
}
