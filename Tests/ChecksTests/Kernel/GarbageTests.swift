// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import ShieldKit
import Testing

@testable import Checks

@Suite("Files that hold anything")
struct GarbageTests {
    private static let files = [
        cpuFiles + "isolated", cpuFiles + "nohz_full", cpuFiles + "modalias", cpuFiles + "smt/control",
        cpuFiles + "cpu3/cpufreq/scaling_governor", cpuFiles + "cpu3/power/pm_qos_resume_latency_us",
        cpuFiles + "cpu3/cpuidle/state0/latency", cpuFiles + "cpuidle/current_driver", cpuFiles + "cpufreq/boost",
        cpuFiles + "cpu3/topology/thread_siblings_list", "proc/swaps", "proc/irq/default_smp_affinity",
        "proc/irq/24/smp_affinity_list", "proc/irq/24/effective_affinity_list", "sys/kernel/irq/24/actions",
        "proc/sys/kernel/sched_rt_runtime_us", "proc/sys/kernel/sched_rt_period_us", "proc/sys/kernel/timer_migration",
        "proc/sys/kernel/watchdog_cpumask", "proc/sys/kernel/watchdog", "proc/sys/kernel/nmi_watchdog",
        "proc/sys/kernel/softlockup_panic", "proc/sys/kernel/hung_task_panic", "proc/sys/kernel/numa_balancing",
        "proc/sys/vm/stat_interval", "sys/kernel/mm/transparent_hugepage/enabled", "sys/kernel/mm/ksm/run",
        "sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "sys/kernel/rcu_normal", "sys/kernel/rcu_expedited",
        "sys/devices/system/clocksource/clocksource0/current_clocksource", "sys/devices/virtual/workqueue/cpumask",
        "sys/devices/system/machinecheck/machinecheck0/check_interval", "sys/module/kvm/parameters/halt_poll_ns",
        "sys/class/net/eth0/queues/rx-0/rps_cpus", "boot/config-6.12.1-test",
    ]

    @Test(
        "no rule minds what a file holds",
        arguments: [
            "", " ", "\u{0}\u{1}\u{FFFD}", "-1", "99999999999999999999", "9223372036854775807", "2-", "0-65536", "[",
            "][",
            "cpu:type:x86,ven", "cpu:type:x86,ven:", ",,,", "CONFIG_\nCONFIG_=y\ny\nCONFIG_y",
        ])
    func garbage(text: String) throws {
        let line =
            "nohz_full=2-5 isolcpus=\(text) rcu_nocbs=\(text) irqaffinity=\(text) hugepages=\(text) hugepagesz=\(text)"
            + " systemd.cpu_affinity=\(text) tuned.non_isolcpus=\(text) workqueue.unbound_cpus=\(text)"
        var machine = quietMachine(line)
        for file in Self.files { machine.file(file, text) }
        let directory = try RecordedMachine(files: machine.files)
        let evidence = Evidence(
            try ShieldOperations(DirectoryMachine(directory.path)), files: HostFiles(root: directory.path))
        _ = CheckReport(of: evidence, topics: [.kernel])
    }

    @Test("each rule has a name of its own, and rests on a page")
    func names() {
        let rules = Rule.kernelRules
        #expect(Set(rules.map(\.id)).count == rules.count)
        for rule in rules {
            #expect(rule.reference.hasPrefix("https://"))
            #expect(rule.why.hasSuffix("."))
            #expect(!rule.title.hasSuffix("."))
        }
    }
}
