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
    /// The CPUs that are its own; empty for one that is only narrowed to others.
    package var cpus: CPUSet = []
    /// What it received of each feature of these CPUs; what it did not is missing.
    package var features: [Feature: FeatureGrant] = [:]
    /// Whether it lies in the cgroup of a pod, whose quota would count too.
    package var isPod = false
    /// Its real-time scheduling.
    package var realtime: Realtime?
    /// The CPUs that its cgroup is narrowed to; empty when it is not narrowed.
    package var housekeeping: CPUSet = []
    /// What its cgroup held before, and is to hold once there is no shield; nil when it stays narrowed.
    package var formerCPUs: String?

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
    package var isEmpty: Bool { cpus.isEmpty && realtime == nil && housekeeping.isEmpty }

    /// Whether its first process is there: an id is used again only after a while, and then it began later.
    package func isAlive(on machine: any Machine) -> Bool {
        guard let stat = TaskStat(reading: process, on: machine), stat.startTime == started else { return false }
        return stat.state != "Z" && stat.state != "X"
    }

    /// Whether it received something of a feature.
    package func has(_ feature: Feature) -> Bool { features[feature] != nil }

    /// Those of its CPUs that interrupts leave.
    package var quiet: CPUSet {
        switch features[.irqs] {
        case .disabled: cpus
        case .disabledOn(let some): some
        case .value, nil: []
        }
    }
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

extension FeatureGrant: Codable {
    private enum Key: CodingKey {
        case cpus
    }

    /// Reads `true`, a value, or an object with the CPUs that it is for.
    package init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = .disabledOn(try container.decode(CPUSet.self, forKey: .cpus))
            return
        }
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            self = .value(value)
        } else if try container.decode(Bool.self) {
            self = .disabled
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "true, a value or CPUs are wanted")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .disabledOn(let cpus):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(cpus, forKey: .cpus)
        case .disabled:
            var container = encoder.singleValueContainer()
            try container.encode(true)
        case .value(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        }
    }
}
