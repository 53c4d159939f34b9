// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

extension Rule {
    static let bootLists = Rule(
        "boot-lists", .kernel,
        title: "The kernel understands the CPU lists of its command line",
        why:
            "The kernel mostly ignores what it cannot parse, logs one line, and boots: the machine looks isolated in its "
            + "boot loader, but is not.",
        reference: KernelPage.parameters
    ) { evidence in
        evidence.host.boot.ignored.map { evidence.remark(on: $0) }
            + BootList.others.compactMap { evidence.remark(on: $0) }
    }

    static let absentCPUs = Rule(
        "absent-cpus", .kernel,
        title: "The CPU lists of the command line name CPUs that exist",
        why:
            "Most kernels ignore a whole list that contains a number that the machine cannot have; isolating an offline "
            + "CPU has no effect.",
        reference: KernelPage.parameters
    ) { evidence in
        BootList.all.compactMap { evidence.absence(in: $0) }
    }
}

/// An option of the command line whose value is a list of CPUs.
struct BootList {
    let name: String
    /// What the kernel does when it cannot read the list.
    let otherwise: String

    /// Those that take nothing but a list.
    static let others = [
        BootList(name: "rcu_nocbs", otherwise: "the kernel uses every CPU instead"),
        BootList(name: "irqaffinity", otherwise: "the kernel uses the CPUs before the mistake, and the boot CPU"),
        BootList(name: "workqueue.unbound_cpus", otherwise: "the kernel uses every CPU instead"),
    ]

    static let all =
        ["isolcpus", "nohz_full"].map { BootList(name: $0, otherwise: "the kernel ignores the option") } + others

    /// The highest number in a value; nil when it has none.
    static func highest(in value: String) -> Int? {
        // What follows a colon counts CPUs, and names none.
        let ends = value.split(separator: ",").flatMap { $0.prefix { $0 != ":" }.split(separator: "-") }
        return ends.compactMap { Int($0) }.max()
    }
}

extension Evidence {
    fileprivate func remark(on ignored: BootOptions.Ignored) -> RuleResult {
        let why =
            switch ignored.reason {
            case .noList: "the kernel ignores it: that is not a CPU list"
            case .noFlag: "the kernel ignores it: a word in front of the list is not a flag"
            case .noCPU: "the kernel ignores it: it leaves no CPU to isolate"
            case .contradiction: "the kernel ignores it: an earlier option gives other CPUs for the same purpose"
            }
        return .warning(
            "\(ignored.option): \(why)", wanted: "a list such as 2-5,8, the same in all options of the same purpose",
            fix: Remedy.booting(without: ignored.option, on: self))
    }

    fileprivate func remark(on list: BootList) -> RuleResult? {
        guard let value = bootOption(list.name), !value.isEmpty,
            CPUSet(bootList: value, possible: host.topology.possible) == nil
        else { return nil }
        return .warning(
            "\(list.name)=\(value) is not a CPU list: \(list.otherwise)", wanted: "a list such as 2-5,8",
            fix: Remedy.booting(without: "\(list.name)=\(value)", on: self))
    }

    fileprivate func absence(in list: BootList) -> RuleResult? {
        guard let value = bootOption(list.name) else { return nil }
        let option = "\(list.name)=\(value)"
        if let highest = BootList.highest(in: value), let last = host.topology.possible.last, highest > last {
            let what = "\(option) names CPU \(highest), but the last one is \(last)"
            let wanted = "CPUs up to \(last), or N for the last one"
            // Some kernels take the rest of the list.
            if hasGranted(list) { return .note(what, wanted: wanted) }
            return .warning(
                "\(what): \(list.otherwise)", wanted: wanted, fix: Remedy.booting(without: option, on: self))
        }
        // Of the rest most mean every CPU that comes, and only these mean to keep some quiet.
        let isolated =
            list.name == "isolcpus" ? host.boot.isolatedCPUs : list.name == "nohz_full" ? host.boot.nohzFull : []
        let offline = isolated.subtracting(host.online)
        guard !offline.isEmpty, value.lowercased() != "all" else { return nil }
        return .note("\(option) names \(offline.title), which \(offline.count == 1 ? "is" : "are") not online")
    }

    /// Whether the kernel says that it isolated some CPU by an option.
    private func hasGranted(_ list: BootList) -> Bool {
        switch list.name {
        case "isolcpus": grantedIsolated?.isEmpty == false
        case "nohz_full": grantedTickless?.isEmpty == false
        default: false
        }
    }
}

extension Rule {
    static let bootRepeats = Rule(
        "boot-repeats", .kernel,
        title: "No option of the command line is given twice with different values",
        why:
            "The boot loader, tuned and an operator may each add an option. The kernel uses the last one and silently "
            + "ignores the others.",
        reference: KernelPage.parameters
    ) { evidence in
        single.compactMap { name in
            let values = evidence.host.boot.values(of: name)
            guard let last = values.last, Set(values).count > 1 else { return nil }
            let all = values.map { "\(name)=\($0)" }.joined(separator: " ")
            return .warning(
                "the command line has \(all), and \(name)=\(last) takes effect", wanted: "\(name)= once",
                fix: "look for \(name)= in the boot loader, in tuned's bootcmdline and in machine configurations")
        }
    }

    /// Those that hold one value.
    ///
    /// Of `isolcpus=` and `nohz_full=` the first counts, which is told of as a contradiction.
    private static let single = [
        "rcu_nocbs", "irqaffinity", "workqueue.unbound_cpus", "kthread_cpus", "systemd.cpu_affinity",
        "tuned.non_isolcpus", "skew_tick", "idle", "processor.max_cstate", "intel_idle.max_cstate", "intel_pstate",
        "amd_pstate", "mitigations", "audit", "nmi_watchdog", "default_hugepagesz", "transparent_hugepage", "preempt",
        "clocksource", "systemd.unified_cgroup_hierarchy", "rt_group_sched",
    ]
}
