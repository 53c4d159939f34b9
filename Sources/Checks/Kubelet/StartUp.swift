// SPDX-License-Identifier: Apache-2.0

import Kubelet

extension Rule {
    static let kubeletFiles = Rule(
        "files", .kubelet,
        title: "Kubelet's configuration and state can be read",
        why: "Kubelet does not start with a configuration or a state file that it cannot read.",
        reference: "https://kubernetes.io/docs/tasks/administer-cluster/kubelet-config-file/"
    ) { evidence in
        guard let kubelet = evidence.kubelet else { return [] }
        return kubelet.faults.map { fault in
            .error(
                fault.message, wanted: "a file that kubelet reads",
                fix:
                    "mend \(fault.path); a state file that is lost is removed on a drained node: systemctl stop kubelet; rm \(fault.path)"
            )
        }
    }

    static let kubeletStart = Rule(
        "start", .kubelet,
        title: "Kubelet would start again with its configuration, over the state that it left",
        why: "Kubelet ends when one of these does not fit, and again each time that systemd starts it.",
        reference: managerManual
    ) { evidence in
        guard let startup = evidence.kubelet?.startup else { return [] }
        if startup.problems.isEmpty { return [.ok("kubelet would start with its configuration and its state")] }
        return startup.problems.map { problem in
            problem.stopsKubelet
                ? .error(problem.what, wanted: "what kubelet starts with", fix: problem.whatToDo)
                : .warning(problem.what, wanted: "what keeps CPUs apart", fix: problem.whatToDo)
        }
    }
}
