// SPDX-License-Identifier: Apache-2.0

package import Linux

/// Why a machine could not be recorded.
package enum RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The directory holds something already.
    case notEmpty(String)
    /// There is something of that name that is no directory.
    case notADirectory(String)
    /// The file system refused.
    case unwritable(path: String, Errno)

    package var description: String {
        switch self {
        case .notEmpty(let path): "\(path) is not empty"
        case .notADirectory(let path): "\(path) is not a directory"
        case .unwritable(let path, let errno): "cannot write \(path): \(errno)"
        }
    }

    /// What a person can do.
    package var advice: String {
        switch self {
        case .notEmpty, .notADirectory: "give a directory that does not exist yet, or is empty"
        case .unwritable(_, .noSuchFileOrDirectory): "create the parent directory first"
        case .unwritable: "give a writable directory on a disk with enough space"
        }
    }
}
