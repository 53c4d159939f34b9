// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Profiles
import Reports
import ShieldKit
import Testing

@Suite("The settings of a host")
struct HostSettingsTests {
    /// What kernel-parameters documents, but for the one that systemd reads.
    private static let known: Set = [
        "amd_pstate", "intel_iommu", "intel_pstate", "iommu", "irqaffinity", "isolcpus", "mce", "nmi_watchdog", "nohz",
        "nohz_full", "nosoftlockup", "rcu_nocbs", "rcutree.kthread_prio", "skew_tick", "systemd.cpu_affinity", "tsc",
    ]

    private static let every = Profile.allCases.flatMap { profile in CPUVendor.allCases.map { (profile, $0) } }

    @Test("name each argument once, and none that kernels do not know", arguments: every)
    func names(profile: Profile, vendor: CPUVendor) throws {
        let names = try HostSettings(profile, "2-5", on: Machines.machine("0-7", vendor: vendor)).kernelArguments.map(
            \.name)
        #expect(Set(names).count == names.count)
        #expect(Set(names).isSubset(of: Self.known), "\(names)")
        #expect(!names.contains("kthread_cpus"))
    }

    @Test("name only isolated CPUs or only the others, as each argument wants them", arguments: every)
    func cpus(profile: Profile, vendor: CPUVendor) throws {
        let settings = try HostSettings(profile, "2-5", on: Machines.machine("0-7", vendor: vendor))
        for argument in settings.kernelArguments {
            guard let cpus = argument.cpus else { continue }
            let isForSystem = ["irqaffinity", "systemd.cpu_affinity"].contains(argument.name)
            #expect(cpus == (isForSystem ? settings.housekeeping : settings.isolated), "\(argument.text)")
        }
    }

    @Test("hold no blank, quote or other sign that a shell, GRUB or YAML would read", arguments: every)
    func signs(profile: Profile, vendor: CPUVendor) throws {
        let settings = try HostSettings(profile, "2-5,7", on: Machines.machine("0-7", vendor: vendor))
        let safe = Set("abcdefghijklmnopqrstuvwxyz0123456789_.=,-")
        for argument in settings.kernelArguments { #expect(Set(argument.text).isSubset(of: safe), "\(argument.text)") }
    }

    @Test("are for the vendor whose CPUs they are")
    func vendors() throws {
        func names(_ vendor: CPUVendor?) throws -> Set<String> {
            let machine = Machines.machine("0-7", vendor: vendor)
            return Set(try HostSettings(.openstack, "2-5", on: machine).kernelArguments.map(\.name))
        }
        let common: Set = [
            "skew_tick", "isolcpus", "nosoftlockup", "nohz", "nohz_full", "rcu_nocbs", "irqaffinity",
        ]
        #expect(try names(.intel) == common.union(["tsc", "intel_pstate"]))
        #expect(try names(.amd) == common.union(["tsc", "amd_pstate"]))
        #expect(try names(.other) == common)
        #expect(try names(nil) == common)
    }

    @Test(
        "say of each argument and setting what it does, why, and where that is documented", arguments: Profile.allCases)
    func explained(profile: Profile) throws {
        let settings = try HostSettings(profile, "1,5", on: Machines.threaded)
        let others = settings.kubelet.explained + settings.tuned.explained + settings.services.explained
        let all =
            settings.kernelArguments.map { ($0.name, $0.does, $0.why, $0.link) }
            + others.map { ($0.name, $0.does, $0.why, $0.link) }
        for (name, does, why, link) in all {
            #expect(!does.isEmpty && !why.isEmpty && link.hasPrefix("https://"), "\(name)")
            #expect(!does.hasSuffix(".") && !why.hasSuffix("."), "\(name)")
        }
        #expect(settings.leftOut.contains { $0.text == "kthread_cpus=" })
    }

    @Test("give kubelet the other CPUs, and whole cores where there are some to give")
    func kubelet() throws {
        let whole = try HostSettings(.openshift, "1-3,5-7", on: Machines.threaded).kubelet
        #expect(whole.reservedSystemCPUs == "0,4".cpus)
        #expect(whole.hasFullCoresOnly)
        #expect(try !HostSettings(.openshift, "1-3", on: Machines.threaded).kubelet.hasFullCoresOnly)
        #expect(try !HostSettings(.openshift, "2-5").kubelet.hasFullCoresOnly)
    }

    @Test("leave CPUAffinity= to isolcpus= and rtshield, but for OpenShift, whose interrupts are spread")
    func services() throws {
        for profile in Profile.allCases {
            let services = try HostSettings(profile, "2-5").services
            #expect(services.systemdAffinity == (profile == .openshift ? "0-1,6-7".cpus : nil))
            #expect(services.irqbalanceBans == (profile == .openshift ? [] : "2-5".cpus))
        }
    }

    @Test("have room for many CPUs")
    func many() throws {
        let settings = try HostSettings(.openstack, "16-1023", on: Machines.machine("0-1023"))
        let boot = settings.boot(from: settings.kernelArguments.commandLine)
        #expect(boot.isolatedCPUs.count == 1008 && boot.nohzFull == boot.isolatedCPUs)
        #expect(settings.housekeeping == "0-15".cpus)
        #expect(settings.cautions == [])
    }

    @Test("pass over numbers that no CPU has")
    func holes() throws {
        let settings = try HostSettings(.plain, "2-3,8-9", on: Machines.machine("0-3,8-11"))
        #expect(settings.housekeeping == "0-1,10-11".cpus)
        #expect(
            settings.kernelArguments.commandLine
                == "nohz_full=2-3,8-9 rcu_nocbs=2-3,8-9 isolcpus=managed_irq,2-3,8-9 irqaffinity=0-1,10-11 skew_tick=1")
    }

    @Test("leave CPUs that are offline to nobody, and take them when they are named")
    func offline() throws {
        var machine = Machines.eight
        machine.topology.online = "0-5".cpus
        #expect(try HostSettings(.plain, "2-5", on: machine).housekeeping == "0-1".cpus)
        let settings = try HostSettings(.plain, "4-7", on: machine)
        #expect(settings.isolated == "4-7".cpus && settings.housekeeping == "0-3".cpus)
        #expect(settings.cautions == ["CPU 6-7 is offline; the arguments hold for it as soon as it is not"])
    }
}

@Suite("What is wrong with the CPUs of a host")
struct CautionTests {
    @Test(
        "is said when there are none to give",
        arguments: [
            ("", HostSettingsError.nothingIsolated), ("0-7", .nothingLeft(online: "0-7".cpus)),
            ("6-9", .absent("8-9".cpus, present: "0-7".cpus)), ("4096", .absent("4096".cpus, present: "0-7".cpus)),
        ])
    func refused(isolated: String, error: HostSettingsError) {
        #expect(throws: error) { try HostSettings(.plain, isolated) }
    }

    @Test("is said when no CPU that is online would be left, though others exist")
    func offline() {
        var machine = Machines.eight
        machine.topology.online = "2-5".cpus
        #expect(throws: HostSettingsError.nothingLeft(online: "2-5".cpus)) {
            try HostSettings(.plain, "2-5", on: machine)
        }
    }

    private func cautions(_ isolated: String, on machine: Hardware, _ profile: Profile = .plain) throws -> [String] {
        try HostSettings(profile, isolated, on: machine).cautions
    }

    @Test("is nothing for neighbours on whole cores")
    func none() throws {
        #expect(try cautions("2-5", on: Machines.eight) == [])
        #expect(try cautions("2-3,6-7", on: Machines.threaded) == [])
        #expect(try cautions("1-3,5-7", on: Machines.nodes) == [])
    }

    @Test("is said of the CPU that starts the machine")
    func boot() throws {
        let texts = try cautions("0-3", on: Machines.eight)
        #expect(texts.count == 1 && texts[0].hasPrefix("CPU 0 starts the machine"), "\(texts)")
    }

    @Test("is said once of all cores that are split")
    func split() throws {
        let texts = try cautions("2-3", on: Machines.threaded)
        #expect(texts.count == 1 && texts[0].hasPrefix("CPU 2-3 shares cores with CPU 6-7"), "\(texts)")
        #expect(try cautions("7", on: Machines.threaded)[0].hasPrefix("CPU 7 shares its core with CPU 3"))
    }

    @Test("is said of a NUMA node without a CPU for the system")
    func nodes() throws {
        let texts = try cautions("4-7", on: Machines.nodes)
        #expect(texts.count == 1 && texts[0].hasPrefix("NUMA node 1 keeps no CPU"), "\(texts)")
    }

    @Test("is said of arguments that depend on who made the CPUs, where there are any")
    func vendor() throws {
        let machine = Machines.machine("0-7", vendor: nil)
        #expect(try cautions("2-5", on: machine) == [])
        let texts = try cautions("2-5", on: machine, .ovirt)
        #expect(texts.count == 1 && texts[0].contains("tsc, intel_pstate, amd_pstate are left out"), "\(texts)")
    }

    @Test("is said of a command line that kernels cut")
    func length() throws {
        let odd = CPUSet(stride(from: 1, to: 1024, by: 2)).description
        let texts = try cautions(odd, on: Machines.machine("0-1023"))
        #expect(texts.count == 1 && texts[0].contains("2048"), "\(texts)")
    }
}

@Suite("Who made the CPUs")
struct VendorTests {
    @Test(
        "is what the first CPU says",
        arguments: [
            ("processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n", CPUVendor.intel),
            ("processor\t: 0\nvendor_id\t: AuthenticAMD\n\nprocessor\t: 1\nvendor_id\t: AuthenticAMD\n", .amd),
            ("vendor_id\t: HygonGenuine\n", .other), ("processor\t: 0\nCPU implementer\t: 0x41\n", .other),
            ("", .other),
            ("vendor_id", .other), ("model name : GenuineIntel\n", .other),
        ])
    func vendor(cpuinfo: String, vendor: CPUVendor) { #expect(CPUVendor(cpuinfo: cpuinfo) == vendor) }
}
