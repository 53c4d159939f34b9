// SPDX-License-Identifier: Apache-2.0

extension [KernelArgument] {
    /// The arguments as one line.
    package var commandLine: String { map(\.text).joined(separator: " ") }
}
