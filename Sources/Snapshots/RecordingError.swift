// SPDX-License-Identifier: Apache-2.0

package import Linux
package import Text

/// Why a machine could not be recorded.
package enum RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The directory holds something already.
    case notEmpty(String)
    /// There is something of that name that is no directory.
    case notADirectory(String)
    /// The file system refused.
    case unwritable(path: String, Errno)

    /// What is wrong, and what to do.
    package var problem: Problem {
        switch self {
        case .notEmpty(let path): Problem("\(path) is not empty", fix: Self.otherDirectory)
        case .notADirectory(let path): Problem("\(path) is not a directory", fix: Self.otherDirectory)
        case .unwritable(let path, let errno):
            Problem(
                "cannot write \(path): \(errno)",
                fix: errno == .noSuchFileOrDirectory
                    ? "create the parent directory first" : "give a writable directory on a disk with enough space")
        }
    }

    private static let otherDirectory = "give a directory that does not exist yet, or is empty"

    package var description: String { problem.line }
}
