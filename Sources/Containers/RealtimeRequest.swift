// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// The real-time scheduling that a container asks for.
package struct RealtimeRequest: Hashable, Sendable {
    /// A share of time.
    package struct Budget: Hashable, Sendable {
        /// How many nanoseconds of each period it may run.
        package var runtime: UInt64
        /// Within how many nanoseconds of a period it is done; the period, unless it is a deadline's.
        package var deadline: UInt64
        /// The length of a period in nanoseconds.
        package var period: UInt64

        /// Makes a budget.
        package init(runtime: UInt64, deadline: UInt64? = nil, period: UInt64) {
            self.runtime = runtime
            self.deadline = deadline ?? period
            self.period = period
        }

        /// How many microseconds of each second that is, rounded up.
        package var perSecond: Int {
            guard runtime < period else { return 1_000_000 }
            let (high, low) = runtime.multipliedFullWidth(by: 1_000_000)
            let (quotient, remainder) = period.dividingFullWidth((high, low))
            return Int(quotient) + (remainder > 0 ? 1 : 0)
        }
    }

    /// The policy of the first process; nil when the program sets policies itself.
    package var policy: RealtimePolicy?
    /// The highest priority that its threads may take, 1 to 99; 0 with deadlines, which have none.
    package var priority: Int
    /// How much time it asks for; nil when it does not say.
    package var budget: Budget?
    /// Whether the runtime gives it by itself, as `process.scheduler` of the configuration has it.
    package var isRuntimes = false

    /// Makes a request.
    package init(policy: RealtimePolicy? = nil, priority: Int = 0, budget: Budget? = nil) {
        self.policy = policy
        self.priority = priority
        self.budget = budget
    }
}

/// The real-time scheduling that a container gets.
package struct RealtimeGrant: Hashable, Sendable {
    /// The policy of the first process; nil when it is left as it is.
    package var policy: RealtimePolicy?
    /// The highest priority that its threads may take (`RLIMIT_RTPRIO`); 0 for none.
    package var priority: Int
    /// How much time it gets; nil when only the kernel limits it.
    package var budget: RealtimeRequest.Budget?
    /// Where it is less than was asked for, one line a reason, safe to print.
    package var shortened: [String]
    /// Whether the runtime gives the policy by itself, from `process.scheduler` of the configuration, with its flags and
    /// niceness: nobody else touches it then.
    package var isRuntimes = false

    /// Makes a grant.
    package init(
        policy: RealtimePolicy?, priority: Int, budget: RealtimeRequest.Budget? = nil, shortened: [String] = []
    ) {
        self.policy = policy
        self.priority = priority
        self.budget = budget
        self.shortened = shortened
    }
}
