// SPDX-License-Identifier: Apache-2.0

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
