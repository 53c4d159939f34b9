// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// A kernel argument that people look for, and that a profile leaves out.
package struct LeftOut: Hashable, Sendable {
    /// The argument, such as `hugepages=`.
    package var text: String
    /// Why it is not given.
    package var why: String
    /// The documentation that this rests on; nil where nobody documents it.
    package var link: String?
}

extension Profile {
    /// What such a host is often given by hand, and why not here.
    var leftOut: [LeftOut] {
        switch self {
        case .plain: [.kernelThreads, .domain, .tsc, .watchdogs, .power]
        case .openshift: [.kernelThreads, .domain, .irqaffinity, .nonIsolated, .pstate, .power, .hugePages]
        case .ovirt: [.kernelThreads, .rcuNocbs, .irqaffinityUnsaid, .power, .hugePages]
        case .openstack: [.kernelThreads, .power, .hugePages]
        }
    }
}

extension LeftOut {
    fileprivate static let kernelThreads = LeftOut(
        text: "kthread_cpus=",
        why:
            "a patch of Red Hat's kernels that others do not know; nohz_full= keeps new kernel threads off from 5.9, and "
            + "'rtshield create' takes off those there are",
        link: nil)

    fileprivate static let domain = LeftOut(
        text: "isolcpus=LIST without managed_irq",
        why:
            "it ends load balancing until the next boot, on every CPU of the list, used or not: shared containers crowd on "
            + "the others, and a container with several CPUs uses one; 'rtshield create --isolated' does it at run time",
        link: Link.isolation)

    fileprivate static let tsc = LeftOut(
        text: "tsc=reliable",
        why: "it hides a time stamp counter that is not sound; give it where the machine's is known to be",
        link: Link.parameters)

    fileprivate static let watchdogs = LeftOut(
        text: "nosoftlockup, nmi_watchdog=0, mce=off",
        why:
            "they blind the whole machine; rtshield's attributes watchdog, nmi-watchdog and machine-check do it at run time",
        link: Link.watchdogs)

    fileprivate static let power = LeftOut(
        text: "idle=poll, processor.max_cstate=1, intel_idle.max_cstate=0",
        why:
            "they take the idle states of every CPU, and with them power and turbo; --with resume-latency does it for the shield",
        link: Link.cpuidle)

    fileprivate static let hugePages = LeftOut(
        text: "default_hugepagesz=, hugepagesz=, hugepages=",
        why: "how many of which size is the site's to say; count them for each NUMA node",
        link: Link.hugePages)

    fileprivate static let irqaffinity = LeftOut(
        text: "irqaffinity=",
        why: "interrupts may use the isolated CPUs until a pod says no (irq-load-balancing.crio.io)",
        link: Link.nodeTuning)

    fileprivate static let irqaffinityUnsaid = LeftOut(
        text: "irqaffinity=",
        why: "tuned moves the interrupts at run time, and rtshield does (irqs)",
        link: Link.tuned("realtime"))

    fileprivate static let nonIsolated = LeftOut(
        text: "tuned.non_isolcpus=MASK",
        why:
            "a note of tuned to itself for the initial RAM disk, which OpenShift does not build; the kernel does not know it",
        link: Link.nodeTuningArguments)

    fileprivate static let pstate = LeftOut(
        text: "intel_pstate=, amd_pstate=",
        why: "the operator chooses by CPU model and by the profile's power hints; --with governor does it at run time",
        link: Link.nodeTuning)

    fileprivate static let rcuNocbs = LeftOut(
        text: "rcu_nocbs=", why: "nohz_full= implies it for the same CPUs", link: Link.parameters)
}
