// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit
import ShieldKit

/// How a verb gets at a machine.
enum Session {
    /// Observes a machine, live (`/`) or recorded, to look at it or to plan for it.
    static func reading(_ directory: String = "/") throws(Failure) -> ShieldOperations {
        try observe(try machine(directory))
    }

    /// Observes the live machine to change it, while no other rtshield does: checks the rights, and waits for the lock.
    static func changing<Answer>(_ body: (ShieldOperations) throws(Failure) -> Answer) throws(Failure) -> Answer {
        try Privileges.check()
        let machine = try machine("/")
        let lock = try lock(machine)
        let answer = try body(try observe(machine))
        _ = consume lock
        return answer
    }

    /// Observes a machine anew, after something was changed.
    static func observe(_ machine: any Machine) throws(Failure) -> ShieldOperations {
        do throws(ShieldError) { return try ShieldOperations(machine) } catch { throw Failure(error) }
    }

    private static func lock(_ machine: DirectoryMachine) throws(Failure) -> StateLock {
        do throws(FileError) {
            return try machine.lock { Output.note("waiting for another rtshield to finish") }
        } catch {
            throw Failure(
                error.description, why: "the journal and the lock of rtshield are there",
                try: "run rtshield as root on the host, outside any container", status: Exit.refused)
        }
    }

    /// Opens a machine, live (`/`) or recorded.
    static func machine(_ directory: String, log: ReadLog? = nil) throws(Failure) -> DirectoryMachine {
        do throws(FileError) {
            return try DirectoryMachine(directory, log: log)
        } catch {
            throw Failure(
                error.description, why: directory == "/" ? nil : "a recorded machine has proc and sys directories",
                try: directory == "/" ? nil : "record one with 'rtshield snapshot DIR'", status: Exit.refused)
        }
    }
}
