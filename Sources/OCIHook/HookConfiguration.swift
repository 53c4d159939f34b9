// SPDX-License-Identifier: Apache-2.0

package import Configuration
import Containers

/// The configuration of the machine, as far as a hook got at it.
package struct HookConfiguration: Hashable, Sendable {
    /// Nil when there is something wrong with it.
    let whole: Configuration?
    /// What is wrong, in one line.
    let flaw: String

    /// Takes a configuration that was read.
    package init(_ configuration: Configuration) {
        whole = configuration
        flaw = ""
    }

    /// Reads a file; a machine without one has the configuration that says nothing.
    package init(file path: String = Configuration.path) {
        do throws(ConfigurationFileError) {
            whole = try Configuration.ofMachine(path)
            flaw = ""
        } catch {
            whole = nil
            flaw = error.line
        }
    }

    /// How long the hook may take.
    package var seconds: Int { (whole?.containers ?? ContainersConfiguration()).hookSeconds }
}

extension ConfigurationFileError {
    /// One line, with the first of all mistakes.
    fileprivate var line: String {
        switch self {
        case .unreadable(let error, let path): return "cannot read \(path): \(error)"
        case .invalid(let error, let path):
            let first = error.problems.first.map { ": \(path):\($0.line):\($0.column): \($0.message)" } ?? ""
            return "\(path) is not a valid configuration\(first)"
        }
    }
}
