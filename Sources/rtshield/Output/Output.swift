// SPDX-License-Identifier: Apache-2.0

import JSON
import Linux
import MachineKit

/// The one place that prints.
enum Output {
    /// Writes to standard output; a closed pipe is no failure, a full disk is.
    static func write(_ text: String) throws(Failure) {
        guard !text.isEmpty else { return }
        do throws(Errno) {
            try StandardOutput.write(text)
        } catch .brokenPipe {
            return
        } catch {
            throw Failure("cannot write to standard output: \(error)", status: Exit.refused)
        }
    }

    /// Writes a value as JSON, the payload for programs.
    static func write(json value: some Encodable) throws(Failure) {
        guard let value = try? Value(encoding: value) else {
            throw Failure("cannot encode the answer as JSON", status: Exit.refused)
        }
        try write(value.spreadText + "\n")
    }

    /// Tells a person something beside the answer, on standard error.
    static func note(_ text: String) {
        // There is nowhere left to complain to when standard error is closed.
        try? StandardError.write("rtshield: \(text)\n")
    }

    /// Tells what did not work.
    static func complain(_ failure: Failure) {
        var lines = ["rtshield: \(failure.what)"]
        if let why = failure.why { lines.append("  why:  \(why)") }
        if let advice = failure.advice { lines.append("  try:  \(advice)") }
        lines += failure.details.map { "  \($0)" }
        try? StandardError.write(lines.map { $0 + "\n" }.joined())
    }
}
