// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Reports

extension Rule {
    /// What is checked of kubelet.
    static let kubeletRules: [Rule] = [
        .kubeletFiles, .kubeletStart, .kubeletPolicy, .kubeletReservation, .kubeletIsolation, .kubeletSharedPool,
        .kubeletCounted, .kubeletCores, .kubeletNodes, .kubeletStrict, .kubeletDriver,
    ]

    /// Where Kubernetes tells of reserved CPUs.
    static let reservationManual =
        "https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/"
    /// Where Kubernetes tells of the CPU manager.
    static let managerManual = "https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/"

    static let kubeletFiles = Rule(
        "files", .kubelet,
        title: "Kubelet's configuration and state can be read",
        why: "Kubelet does not start with a configuration or a state file that it cannot read.",
        reference: "https://kubernetes.io/docs/tasks/administer-cluster/kubelet-config-file/"
    ) { evidence in
        evidence.kubelet?.faults ?? []
    }

    static let kubeletStart = Rule(
        "start", .kubelet,
        title: "Kubelet would start again with its configuration and its state files",
        why: "Kubelet exits if one of these does not fit, again each time that systemd starts it.",
        reference: managerManual
    ) { evidence in
        guard let startup = evidence.kubelet?.startup else { return [] }
        if startup.problems.isEmpty { return [.ok("kubelet would start with its configuration and its state")] }
        return startup.problems.map { problem in
            problem.stopsKubelet
                ? .error(problem.what, wanted: problem.wanted, fix: problem.fix)
                : .warning(problem.what, wanted: problem.wanted, fix: problem.fix)
        }
    }
}

extension StartupProblem {
    /// What kubelet starts with.
    fileprivate var wanted: String {
        switch self {
        case .policy: "policies and options that kubelet knows and that can be combined"
        case .reservation:
            "a reservation that kubelet can carry out: at least one online CPU, and cgroups with names"
        case .cpuState(.exclusiveTwice, _): "CPUs that only one pod has"
        case .cpuState(_, let file): "\(file) as kubelet wrote it, for this configuration and these CPUs"
        case .memory: "reservedMemory with the same total as systemReserved, kubeReserved and evictionHard"
        case .memoryState(_, let file): "\(file) as kubelet wrote it, for this configuration and these NUMA nodes"
        }
    }

    /// Nothing but a new file mends most states, and then it is the same command for each.
    fileprivate var fix: String {
        switch self {
        case .cpuState(.gone, _), .policy, .reservation, .memory: whatToDo
        case .cpuState(_, let file), .memoryState(_, let file): KubeletRemedy.renewing(file)
        }
    }
}
