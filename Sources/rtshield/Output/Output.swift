// SPDX-License-Identifier: Apache-2.0

import JSON
import Linux
import MachineKit
import Text

/// What a verb answers: programs read it as JSON, people as text.
protocol Printable: Encodable {
    /// The answer for people.
    func text(_ style: Style) -> String
    /// The answer for scripts, where there is a short one.
    var quiet: String { get }
    /// What a person is told beside the answer, on standard error.
    var notes: [String] { get }
}

extension Printable {
    var quiet: String { "" }
    var notes: [String] { [] }
}

/// How an answer is printed.
enum OutputForm: Sendable {
    case table, json, quiet

    init(isJSON: Bool, isQuiet: Bool = false) { self = isJSON ? .json : isQuiet ? .quiet : .table }
}

/// The one place that prints.
enum Output {
    /// Prints an answer, and what is to be told beside it.
    static func render(_ answer: some Printable, as form: OutputForm = .table) throws(Failure) {
        for line in answer.notes { note(line) }
        switch form {
        case .table: try write(answer.text(.current))
        case .json: try write(json: answer)
        case .quiet: try write(answer.quiet)
        }
    }

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

    private static func write(json value: some Encodable) throws(Failure) {
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
    static func complain(_ failure: Failure) { try? StandardError.write(ProblemText(failure.problem).plain) }
}
