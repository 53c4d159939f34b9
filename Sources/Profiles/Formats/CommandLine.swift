// SPDX-License-Identifier: Apache-2.0

import MachineKit

extension [KernelArgument] {
    /// The arguments as one line.
    package var commandLine: String { map(\.text).joined(separator: " ") }
}
