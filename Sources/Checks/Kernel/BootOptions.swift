// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let mitigations = Rule(
        "mitigations", .kernel,
        title: "The processor's vulnerabilities are mitigated where containers are not all trusted",
        why:
            "mitigations=off makes system calls faster, but on processors that need mitigations it lets a container read "
            + "the memory of other containers and of the host.",
        reference: KernelPage.vulnerabilities
    ) { evidence in
        guard evidence.bootOption("mitigations") == "off" else { return [] }
        return [
            .note(
                "mitigations=off is given", wanted: "mitigations=auto, unless everything that runs here is trusted",
                fix: Remedy.booting(without: "mitigations=off", on: evidence))
        ]
    }

    static let audit = Rule(
        "audit", .kernel,
        title: "System calls are not audited",
        why:
            "With auditing each system call of a real-time program does more work, and waits if the queue is full.",
        reference: KernelPage.parameters
    ) { evidence in
        guard evidence.quiet != nil, let value = evidence.bootOption("audit") else { return [] }
        if ["0", "off"].contains(value) { return [.ok("audit=\(value) switches auditing off")] }
        return [
            .note(
                "audit=\(value) audits from boot on", wanted: "audit=0, unless auditing is required",
                fix: Remedy.booting(with: "audit=0", on: evidence))
        ]
    }

    static let kernelThreadOption = Rule(
        "kthread-cpus", .kernel,
        title: "kthread_cpus= is given only to a kernel that supports it",
        why:
            "The option comes from a patch in some kernels of Red Hat and others. Mainline kernels ignore it, and a "
            + "shield moves kernel threads at run time.",
        reference: "https://documentation.ubuntu.com/real-time/latest/reference/kernel-boot-parameters"
    ) { evidence in
        guard let value = evidence.bootOption("kthread_cpus") else { return [] }
        let knows = [".el", "-realtime", ".rt"].contains { evidence.host.release.contains($0) }
        guard !knows else { return [] }
        return [
            .note(
                "kernel \(evidence.host.release) probably ignores kthread_cpus=\(value)",
                wanted: "a shield with the noise source kernel-threads, or nohz_full=",
                fix: evidence.quiet == nil ? nil : Remedy.giving(.kernelThreads, on: evidence))
        ]
    }

    static let tunedMask = Rule(
        "tuned-mask", .kernel,
        title: "tuned's mask on the command line contains no quiet CPUs",
        why:
            "tuned writes tuned.non_isolcpus= for its boot scripts. A mask that is left over from another layout sends "
            + "work to quiet CPUs at the next boot.",
        reference: "https://man.archlinux.org/man/tuned-profiles-cpu-partitioning.7.en"
    ) { evidence in
        guard let quiet = evidence.quiet, let value = evidence.bootOption("tuned.non_isolcpus"),
            let cpus = CPUSet(mask: value), !cpus.isDisjoint(with: quiet)
        else { return [] }
        let both = cpus.intersection(quiet)
        return [
            .warning(
                "tuned.non_isolcpus=\(value) has \(both.title)",
                wanted: "tuned.non_isolcpus=\(evidence.housekeeping.mask)",
                fix: "isolated_cores=\(quiet) in tuned's variables file, then tuned-adm profile NAME, and reboot")
        ]
    }

    static let cgroupOptions = Rule(
        "cgroup-options", .kernel,
        title: "The machine has the cgroup version that its command line requests",
        why:
            "From 258 on systemd supports only cgroup v2 and ignores the option, and cgroup_no_v1= leaves controllers to "
            + "v2. Engines and kubelet must match the actual version.",
        reference: KernelPage.cgroups
    ) { evidence in
        guard let value = evidence.bootOption("systemd.unified_cgroup_hierarchy") else { return [] }
        let asksForV2 = !["0", "no", "n", "false", "off"].contains(value.lowercased())
        let hasV2 = evidence.host.layout.version == .v2 && !evidence.host.layout.isHybrid
        if asksForV2 == hasV2 { return [.ok("the machine has \(evidence.host.layout.title), as requested")] }
        return [
            .warning(
                "systemd.unified_cgroup_hierarchy=\(value) is given, but the machine has \(evidence.host.layout.title)",
                wanted: "an option that matches the machine",
                fix: Remedy.booting(without: "systemd.unified_cgroup_hierarchy=\(value)", on: evidence))
        ]
    }
}
