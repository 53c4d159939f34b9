// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Containers
import Linux
import MachineKit
import OCIHook

/// `rtshield hook`: does the work of the OCI hook, for the container whose state is on standard input.
enum HookCommand {
    struct Arguments: Sendable {}

    static let name = "hook"

    static let description = Command(
        name, "Grant a container what it may have (for container runtimes)", Arguments(), isPlumbing: true,
        details: [
            "Reads the state that a runtime hands its hooks on standard input. A container that is about to start gets what its "
                + "annotations and the configuration ask for and the limits allow, or is kept off the shield; one that is "
                + "stopped gives it back. Runtimes start 'rtshield-hook', which hands over what is any business of this.",
            "The exit status is 0, and 1 with one line on standard error for a container that is not to start.",
        ],
        examples: [("runc state c1 | rtshield hook", "Grant it by hand, as the hook does")],
        perform: { _ in try run() })

    /// Opens the machine and reads its configuration, which strangers do not shape; gives up what is not needed; and only then
    /// reads what the runtime tells.
    static func run() throws(Failure) -> Int32 {
        let machine = try Session.machine("/")
        let configuration = HookConfiguration()
        do throws(Errno) {
            try Sandbox.enter(machine.layout?.version, seconds: configuration.seconds)
        } catch {
            throw Failure("hook: cannot give up rights: \(error)", status: Exit.refused)
        }
        return tell(Hook(on: machine, configuration: configuration).run(input: ContainerSource.standardInput()))
    }

    /// Tells the log everything, and the runtime why its container is not to start.
    private static func tell(_ outcome: HookOutcome) -> Int32 {
        let log = SystemLog(identifier: "rtshield-hook")
        for line in outcome.log { log.log(line.text.safeToPrint, line.severity) }
        if let refusal = outcome.refusal { try? StandardError.write("rtshield-hook: \(refusal.safeToPrint)\n") }
        return outcome.status
    }
}
