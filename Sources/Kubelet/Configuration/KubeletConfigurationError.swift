// SPDX-License-Identifier: Apache-2.0

package import JSON
import MachineKit

/// Why kubelet's configuration cannot be told; kubelet itself does not start with it.
package enum KubeletConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file cannot be understood; the document is its path.
    case file(DocumentError)
    /// The value of an argument cannot be understood.
    case flag(String, message: String)

    /// The place and what is wrong, on one line.
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .flag(let name, let message): "\(name): \(message)"
        }
    }
}
