// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Containers
import Grants
import ShieldKit
import Text

/// Exit statuses, as the manual page lists them.
enum Exit {
    static let done: Int32 = 0
    /// The system refused; everything was undone.
    static let refused: Int32 = 1
    static let usage: Int32 = 2
    static let noShield: Int32 = 3
    /// `check` found warnings, and nothing worse.
    static let warnings: Int32 = 4
    /// `run` itself failed, as in env(1).
    static let runFailed: Int32 = 125
    static let cannotInvoke: Int32 = 126
    static let notFound: Int32 = 127
}

/// What did not work, and the exit status that says so.
struct Failure: Error, Hashable, Sendable {
    var problem: Problem
    var status: Int32

    init(_ problem: Problem, status: Int32 = Exit.refused) {
        self.problem = problem
        self.status = status
    }

    init(_ what: String, why: String? = nil, try fix: String? = nil, status: Int32) {
        self.init(Problem(what, why: why, fix: fix), status: status)
    }

    var what: String { problem.what }
    var details: [String] { problem.details }

    /// The machine has no shield, and the verb needs one.
    static func noShield(status: Int32) -> Failure {
        Failure(
            "there is no shield on this machine", try: "make one with 'rtshield create --cpus LIST'", status: status)
    }
}

extension Failure {
    /// Words any error for the command line.
    init(describing error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as UsageError: self.init(error.problem, status: Exit.usage)
        case let error as ShieldError: self.init(error, in: .commandLine)
        case let error as GrantError: self.init(error)
        case let problem as Problem: self.init(problem.safeToPrint)
        default: self.init(Problem("\(error)"))
        }
    }

    /// Words an error about the shield in what a front end calls things.
    init(_ error: ShieldError, in frontEnd: FrontEnd) {
        switch error {
        case .host(let error): self.init(Problem("\(error)"))
        case .journal(let error): self.init(Problem("\(error)"))
        case .request(let error):
            // A mistake in what was typed is one line, like every other.
            self.init(Problem(error.problem(in: frontEnd).line), status: Exit.usage)
        case .plan(let error): self.init(error.problem(in: frontEnd))
        case .refused(let refusal):
            self.init(refusal.problem)
            problem.details =
                refusal.left.isEmpty
                ? ["all changes have been undone"]
                : refusal.left.map { "not put back: \($0.path): \($0.why)" } + ["'rtshield destroy' tries again"]
        }
    }

    private init(_ error: GrantError) {
        switch error {
        case .denied, .refused, .gone: self.init(Problem(error.description))
        case .unreadable, .damaged:
            self.init(
                Problem(
                    error.description, why: "nothing is granted or taken back without the ledger",
                    fix: "if it is damaged, stop the containers that have grants, then remove the file"))
        }
    }
}
