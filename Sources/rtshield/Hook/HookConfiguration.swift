// SPDX-License-Identifier: Apache-2.0

import Configuration
import MachineKit

/// The configuration of the machine, as far as a hook got at it.
struct HookConfiguration {
    /// Nil when there is something wrong with it.
    let whole: Configuration?
    /// What is wrong, in one line.
    let flaw: String

    /// Reads it; a machine without one has that which says nothing.
    init() {
        do throws(Failure) {
            whole = try ConfigurationFile.ofMachine() ?? Configuration()
            flaw = ""
        } catch {
            whole = nil
            flaw = ([error.what] + error.details.prefix(1)).joined(separator: ": ")
        }
    }

    /// How long the hook may take.
    var seconds: Int { (whole?.containers ?? ContainersConfiguration()).hookSeconds }
}
