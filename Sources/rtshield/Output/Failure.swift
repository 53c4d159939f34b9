// SPDX-License-Identifier: Apache-2.0

import CommandTable
import ShieldKit

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

/// What a person is told when something did not work: one line of what, one of why, one of what to do.
struct Failure: Error, Hashable, Sendable {
    var what: String
    var why: String?
    var advice: String?
    /// Further lines, each a thing of its own.
    var details: [String] = []
    var status: Int32

    init(_ what: String, why: String? = nil, try advice: String? = nil, status: Int32) {
        self.what = what
        self.why = why
        self.advice = advice
        self.status = status
    }

    init(usage error: UsageError) {
        self.init(error.message, status: Exit.usage)
        if !error.hint.isEmpty { details = [error.hint] }
    }

    /// The machine has no shield, and the verb needs one.
    static func noShield(status: Int32) -> Failure {
        Failure(
            "there is no shield on this machine", try: "make one with 'rtshield create --cpus LIST'", status: status)
    }

    init(_ error: ShieldError) {
        switch error {
        case .host(let error): self.init("\(error)", status: Exit.refused)
        case .journal(let error): self.init("\(error)", status: Exit.refused)
        case .request(let error): self.init("\(error)", status: Exit.usage)
        case .plan(let error): self.init("\(error)", why: error.why, try: error.advice, status: Exit.refused)
        case .refused(let refusal):
            self.init(refusal.what, why: refusal.why, try: refusal.advice, status: Exit.refused)
            details =
                refusal.left.isEmpty
                ? ["all changes have been undone"]
                : refusal.left.map { "not put back: \($0.path): \($0.why)" } + ["'rtshield destroy' tries again"]
        }
    }
}
