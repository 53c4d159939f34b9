// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import Containers
package import MachineKit

/// What one container received.
package struct Grant: Hashable, Sendable, Codable {
    /// The name by which its runtime knows it.
    package var id: String
    /// What had it started.
    package var engine: String
    /// Its name in its pod; nil elsewhere.
    package var name: String?
    /// Its first process.
    package var process: Int32
    /// When that began, in clock ticks since boot: a later process only reuses the number.
    package var started: UInt64
    /// Its group in the cpuset hierarchy.
    package var group: CgroupPath
    /// Its group in the hierarchy of the cpu controller, which on cgroup v1 is another one.
    package var budgetGroup: CgroupPath
    /// The CPUs that are its own; empty for one that only is kept off those of others.
    package var cpus: CPUSet = []
    /// Those of them that interrupts leave.
    package var quiet: CPUSet = []
    /// Whether kernel threads that can be moved leave its CPUs.
    package var movesKernelThreads = false
    /// Whether the scheduler is to balance no load over its CPUs.
    package var isUnbalanced = false
    /// Whether it runs without a quota.
    package var endsQuota = false
    /// Whether it lies in the group of a pod, whose quota would count too.
    package var isPod = false
    /// What `pm_qos_resume_latency_us` of its CPUs holds; nil when that is left alone.
    package var resumeLatency: String?
    /// The frequency governor of its CPUs; nil when that is left alone.
    package var governor: String?
    /// Its real-time scheduling.
    package var realtime: Realtime?
    /// What its group is to hold once there is no shield to be kept off; nil when it is kept off others too, or off nobody.
    package var narrowedFrom: String?
    /// Where it is kept; empty when it is not.
    package var narrowedTo: CPUSet = []

    /// Grants nothing yet.
    package init(
        id: String, engine: String, name: String? = nil, process: Int32, started: UInt64, group: CgroupPath,
        budgetGroup: CgroupPath
    ) {
        self.id = id
        self.engine = engine
        self.name = name
        self.process = process
        self.started = started
        self.group = group
        self.budgetGroup = budgetGroup
    }

    /// Whether there is nothing to remember of it.
    package var isEmpty: Bool { cpus.isEmpty && realtime == nil && narrowedTo.isEmpty }
}

extension Grant {
    /// The real-time scheduling that a container received.
    package struct Realtime: Hashable, Sendable, Codable {
        /// The policy of its first process; nil when that is left as it is.
        package var policy: String?
        /// The highest priority that its threads may take.
        package var priority: Int
        /// How many nanoseconds of each period it may run; nil when only the kernel limits it.
        package var runtime: UInt64?
        /// Within how many nanoseconds of a period it is done.
        package var deadline: UInt64?
        /// The length of a period in nanoseconds.
        package var period: UInt64?
        /// True when the runtime gives the policy by itself, from `process.scheduler`.
        package var isRuntimes: Bool?

        /// Takes what was decided.
        package init(_ grant: RealtimeGrant) {
            policy = grant.policy?.rawValue
            priority = grant.priority
            runtime = grant.budget?.runtime
            deadline = grant.budget?.deadline
            period = grant.budget?.period
            isRuntimes = grant.isRuntimes ? true : nil
        }

        /// Its time as a share; nil when it has none of its own.
        package var budget: RealtimeRequest.Budget? {
            guard let runtime, let period else { return nil }
            return RealtimeRequest.Budget(runtime: runtime, deadline: deadline, period: period)
        }
    }
}
