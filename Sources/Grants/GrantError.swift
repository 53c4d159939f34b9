// SPDX-License-Identifier: Apache-2.0

package import Containers
package import MachineKit

/// Why a container is not to start, or what it had cannot be taken back.
package enum GrantError: Error, Hashable, Sendable {
    /// It asks for more than it may have.
    case denied(String)
    /// It must have what the machine does not give; everything was taken back.
    case refused([UnmetRequest])
    /// Its first process or its cgroup is gone.
    case gone(String)
    /// The ledger cannot be read or written, and nothing is changed before it is on disk.
    case unreadable(FileError)
    /// The ledger is none, or of another format.
    case damaged(path: String)
}

extension GrantError: CustomStringConvertible {
    /// One line without a full stop.
    package var description: String {
        switch self {
        case .denied(let line), .gone(let line): line
        case .refused(let unmet): unmet.map(\.description).joined(separator: "; ")
        case .unreadable(let error): error.description
        case .damaged(let path): "\(path) is no ledger of this rtshield"
        }
    }
}

/// Something that could not be granted.
package struct UnmetRequest: Hashable, Sendable {
    /// What.
    package var feature: Feature
    /// Why, in one line without a full stop; parts come from the kernel, none from the container.
    package var line: String

    /// Tells of something.
    package init(_ feature: Feature, _ line: String) {
        self.feature = feature
        self.line = line
    }
}

extension UnmetRequest: CustomStringConvertible {
    /// What and why.
    package var description: String { "\(feature.rawValue): \(line)" }
}
