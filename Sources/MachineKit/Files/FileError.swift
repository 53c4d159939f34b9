// SPDX-License-Identifier: Apache-2.0

package import Linux

/// A refusal by the kernel or the file system: what was tried, on which path, with which value, and the error number.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, as a verb that fits after "cannot".
    package enum Operation: String, Hashable, Sendable {
        case open, read, write, list, create, remove, replace, run, ask
        case moveTask = "move a task into"
    }

    package var operation: Operation
    /// The absolute path, as a person would type it.
    package var path: String
    /// The value that was written, where there was one.
    package var value: String?
    package var errno: Errno

    package init(_ operation: Operation, _ path: String, value: String? = nil, _ errno: Errno) {
        self.operation = operation
        self.path = path
        self.value = value
        self.errno = errno
    }

    package var description: String {
        switch value {
        case let value?: "cannot write '\(value)' to \(path): \(errno)"
        case nil: "cannot \(operation.rawValue) \(path): \(errno)"
        }
    }

    /// Whether the file, or the task it speaks of, does not exist or went away meanwhile.
    package var isAbsence: Bool {
        errno == .noSuchFileOrDirectory || errno == .noSuchDevice || errno == .noSuchProcess
    }
}
