// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit
import ShieldKit

/// How a verb gets at a machine.
enum Session {
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

    /// Observes a machine, live (`/`) or recorded, to look at it or to plan for it.
    static func reading(_ directory: String = "/") throws -> ShieldOperations {
        try ShieldOperations(try machine(directory))
    }

    /// Observes the live machine to change it, while no other rtshield does: checks the capabilities, and waits for the lock.
    static func changing<Answer>(_ body: (ShieldOperations) throws -> Answer) throws -> Answer {
        try changing(try changeable(), body)
    }

    /// Opens the live machine, after the capabilities that changing it needs were checked.
    static func changeable() throws -> any Machine {
        try checkCapabilities()
        return try machine("/")
    }

    /// The same of a machine that was opened.
    static func changing<Answer>(
        _ machine: any Machine, _ body: (ShieldOperations) throws -> Answer
    ) throws -> Answer {
        let lock = try lock(machine)
        let answer = try body(try ShieldOperations(machine))
        _ = consume lock
        return answer
    }

    /// Checks the capabilities without which no machine can be changed, before anything is touched: to write cgroup files of
    /// root, and to set the affinity of tasks of others (sched_setaffinity(2)).
    static func checkCapabilities() throws(Failure) {
        let held = (try? Capabilities.current()) ?? Capabilities([])
        let missing = [Capability.dacOverride, .sysNice].filter { !held.has($0) }.map(\.name)
        guard missing.isEmpty else {
            throw Failure(
                "needs \(missing.joined(separator: " and ")) to change cpusets and affinities",
                why: "this process, of user \(CurrentProcess.effectiveUserID), does not have it",
                try: "run it as root on the host, as with 'sudo rtshield …'", status: Exit.refused)
        }
    }

    private static func lock(_ machine: any Machine) throws(Failure) -> StateLock {
        do throws(FileError) {
            return try machine.lock { Output.note("waiting for another rtshield to finish") }
        } catch {
            throw Failure(
                error.description, why: "the journal and the lock of rtshield are there",
                try: "run rtshield as root on the host, outside any container", status: Exit.refused)
        }
    }
}
