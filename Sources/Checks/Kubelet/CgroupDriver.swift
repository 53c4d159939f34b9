// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Reports

extension Rule {
    static let kubeletDriver = Rule(
        "driver", .kubelet,
        title: "Kubelet and its runtime have cgroups made by the same driver",
        why:
            "With two drivers a pod's groups are made in two places, or not at all: limits of the pod do not hold its "
            + "containers. A kubelet from 1.34 on asks a runtime that can tell, and passes over its own setting.",
        reference: "https://kubernetes.io/docs/setup/production-environment/container-runtimes/#cgroup-drivers"
    ) { evidence in
        guard let kubelet = evidence.kubelet, let configuration = kubelet.configuration else { return [] }
        let driver = configuration.cgroupDriver
        let wanted = evidence.files.exists("/run/systemd/system") ? "systemd" : "cgroupfs"
        return RuntimeDriver.all(in: evidence.files, evidence.daemons).map { runtime in
            if runtime.driver == driver.value {
                return .ok("\(runtime.name) has the driver \(driver.value), as kubelet has")
            }
            let what =
                "kubelet has the cgroup driver \(driver.value) (\(driver.origin)), and \(runtime.name) \(runtime.driver) (\(runtime.source))"
            let fix =
                runtime.driver == wanted
                ? kubelet.setting("cgroupDriver", to: wanted, flag: "--cgroup-driver", insteadOf: driver.origin)
                : runtime.fix(wanted)
            let line = fix + ", on a drained node"
            // Who leaves it to kubelet may leave it to the runtime.
            return driver.origin == .builtIn
                ? .warning(what, wanted: "\(wanted) for both", fix: line)
                : .error(what, wanted: "\(wanted) for both", fix: line)
        }
    }
}
