// SPDX-License-Identifier: Apache-2.0

package import MachineKit
import Reports

/// One argument of the kernel's command line, and all there is to say about it.
package struct KernelArgument: Hashable, Sendable {
    /// What stands after the equals sign.
    package enum Value: Hashable, Sendable {
        /// Nothing, and no equals sign.
        case none
        /// A word.
        case word(String)
        /// A CPU list.
        case cpus(CPUSet)
        /// Flags and a CPU list, as `isolcpus=` takes them.
        case flagged([String], CPUSet)
    }

    /// The name, without the equals sign.
    package var name: String
    /// What it is to be.
    package var value: Value
    /// What it makes the kernel do, in one line.
    package var does: String
    /// Why a host wants that, and what it costs.
    package var why: String
    /// What becomes of it without this argument.
    package var runTime: RunTime
    /// The first kernel that knows it; nil where every kernel does that runs containers.
    package var since: KernelVersion?
    /// The option that the kernel is built with for it; nil where it needs none.
    package var needs: String?
    /// Whose CPUs it is for.
    package var vendors = Set(CPUVendor.allCases)
    /// The documentation that this rests on.
    package var link: String

    /// The argument as it stands on the command line, such as `nohz_full=2-5`; it holds no blanks and no quotes.
    package var text: String {
        switch value {
        case .none: name
        case .word(let word): "\(name)=\(word)"
        case .cpus(let cpus): "\(name)=\(cpus)"
        case .flagged(let flags, let cpus): "\(name)=\(flags.joined(separator: ",")),\(cpus)"
        }
    }

    /// The CPUs that it names; nil for an argument that names none.
    package var cpus: CPUSet? {
        switch value {
        case .none, .word: nil
        case .cpus(let cpus), .flagged(_, let cpus): cpus
        }
    }
}

extension KernelArgument {
    /// Whether something can be had after boot, and how.
    package struct RunTime: Hashable, Sendable {
        /// Who can give it.
        package enum Kind: String, Hashable, Sendable {
            /// The kernel decides once, while it boots.
            case bootOnly = "boot-only"
            /// `rtshield create` gives it, or what comes to the same on the shield.
            case rtshield
            /// The kernel takes it at run time, and rtshield leaves it alone.
            case other
        }

        package var kind: Kind
        /// How, and what is different then; empty where there is nothing to add.
        package var text: String

        static let never = RunTime(kind: .bootOnly, text: "")

        static func never(_ text: String) -> RunTime { RunTime(kind: .bootOnly, text: text) }
        static func rtshield(_ text: String) -> RunTime { RunTime(kind: .rtshield, text: text) }
        static func other(_ text: String) -> RunTime { RunTime(kind: .other, text: text) }
    }
}

/// The documentation that settings rest on.
enum Link {
    // The kernel.
    static let parameters = "https://docs.kernel.org/admin-guide/kernel-parameters.html"
    static let isolation = "https://docs.kernel.org/admin-guide/cpu-isolation.html"
    static let noHz = "https://docs.kernel.org/timers/no_hz.html"
    static let perCPUThreads = "https://docs.kernel.org/admin-guide/kernel-per-CPU-kthreads.html"
    static let watchdogs = "https://docs.kernel.org/admin-guide/lockup-watchdogs.html"
    static let intelPstate = "https://docs.kernel.org/admin-guide/pm/intel_pstate.html"
    static let amdPstate = "https://docs.kernel.org/admin-guide/pm/amd-pstate.html"
    static let cpuidle = "https://docs.kernel.org/admin-guide/pm/cpuidle.html"
    static let hugePages = "https://docs.kernel.org/admin-guide/mm/hugetlbpage.html"

    // Kubernetes and OpenShift.
    static let reservedCPUs =
        "https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/#explicitly-reserved-cpu-list"
    static let cpuManager = "https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/"
    static let topologyManager = "https://kubernetes.io/docs/tasks/administer-cluster/topology-manager/"
    static let nodeTuning =
        "https://github.com/openshift/cluster-node-tuning-operator/blob/master/docs/performanceprofile/performance_profile.md"
    static let nodeTuningArguments =
        "https://github.com/openshift/cluster-node-tuning-operator/blob/master/assets/performanceprofile/tuned/openshift-node-performance"

    // Services.
    static let systemd = "https://www.freedesktop.org/software/systemd/man/latest/systemd-system.conf.html"
    static let irqbalance = "https://github.com/Irqbalance/irqbalance/blob/master/irqbalance.1"

    /// A profile as tuned ships it.
    static func tuned(_ profile: String) -> String {
        "https://github.com/redhat-performance/tuned/blob/master/profiles/\(profile)/tuned.conf"
    }
}
