// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

/// Runs a program that outlives the test, unless the test ends it, and hands over its number.
func withSleeper(_ body: (Int32) throws -> Void) throws {
    let started = try ChildProcess.run(["sh", "-c", "sleep 600 >/dev/null 2>&1 & echo $!"])
    let sleeper = try #require(Int32(started.output.text.dropLast()))
    defer { _ = try? ChildProcess.run(["sh", "-c", "kill \(sleeper)"]) }
    try body(sleeper)
}

/// The number of a process that has ended.
func endedProcess() throws -> Int32 {
    try #require(Int32(ChildProcess.run(["sh", "-c", "echo $$"]).output.text.dropLast()))
}
