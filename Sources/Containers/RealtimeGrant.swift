// SPDX-License-Identifier: Apache-2.0

import MachineKit

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
