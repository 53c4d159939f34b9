// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("Boot options")
struct BootOptionsTests {
    private func options(_ commandLine: String, cpus: Int = 16) -> BootOptions {
        BootOptions(commandLine: commandLine, possible: CPUSet(0..<cpus))
    }

    @Test(
        "isolcpus isolates domains by default and where it says so",
        arguments: [
            ("isolcpus=4-7", "4-7", ["domain"]),
            ("isolcpus=domain,4-7", "4-7", ["domain"]),
            ("isolcpus=managed_irq,domain,4-7", "4-7", ["managed_irq", "domain"]),
            ("isolcpus=nohz,domain,managed_irq,2,4-7,9", "2,4-7,9", ["nohz", "domain", "managed_irq"]),
            ("isolcpus=managed_irq,4-7", "", ["managed_irq"]),
            ("isolcpus=nohz,4-7", "", ["nohz"]),
            ("isolcpus=io_queue,4-7", "4-7", ["domain"]),
            ("isolcpus=io_queue,managed_irq,4-7", "", ["managed_irq"]),
            ("isolcpus=do-main,4-7", "", []),
            ("isolcpus=domain", "", []),
            ("isolcpus=", "", []),
            ("isolcpus", "", []),
            ("quiet", "", []),
        ])
    func isolcpus(line: String, cpus: String, flags: [String]) {
        let options = options("BOOT_IMAGE=/boot/vmlinuz-6.1 root=/dev/vda1 ro \(line) quiet\n")
        #expect(options.isolatedCPUs.description == cpus)
        #expect(options.isolcpusFlags == flags)
    }

    @Test(
        "the kernel's wider lists are understood",
        arguments: [
            ("0-15:1/2", "0,2,4,6,8,10,12,14"), ("1-15:2/4", "1-2,5-6,9-10,13-14"), ("0-9:3/5", "0-2,5-7"),
            ("4-5:3/4", "4-5"),
            ("8-N", "8-15"), ("N", "15"), ("all", "1-15"), ("ALL", "1-15"), ("all:1/4", "0,4,8,12"), ("4-7,", "4-7"),
            ("4,,7", "4,7"),
            ("4-7,20", "4-7"), ("4-4294967295", "4-15"), ("4-4294967295:1/4294967295", "4"), ("1-15:0/2", ""),
            ("7-4", ""), ("4-", ""), ("a", ""), ("0-15:1", ""), ("0-15:3/2", ""), ("0-15:1/0", ""), ("4:1/2", ""),
            ("4-7,x", ""),
            ("4-4294967296", ""), ("1-2-3", ""), ("", ""),
        ])
    func lists(list: String, cpus: String) {
        #expect(options("nohz_full=\(list)").nohzFull.description == cpus)
    }

    @Test("CPUs that a machine cannot have are left out")
    func holes() {
        #expect(BootOptions(commandLine: "isolcpus=1-9", possible: [0, 1, 4, 5]).isolatedCPUs == [1, 4, 5])
        #expect(BootOptions(commandLine: "isolcpus=1-9", possible: []).isolatedCPUs == [])
    }

    @Test("the boot CPU is not isolated when no other would be left")
    func bootCPU() {
        #expect(options("isolcpus=0-15").isolatedCPUs == CPUSet(1...15))
        #expect(options("isolcpus=0-14").isolatedCPUs == CPUSet(0...14))
    }

    @Test("an option that contradicts an earlier one is ignored as a whole")
    func contradiction() {
        let twice = options("isolcpus=4-7 isolcpus=8-11")
        #expect(twice.isolatedCPUs == [4, 5, 6, 7] && twice.value(of: "isolcpus") == "8-11")
        let mixed = options("nohz_full=4-7 isolcpus=nohz,domain,2-7")
        #expect(mixed.nohzFull == [4, 5, 6, 7] && mixed.isolatedCPUs == [] && mixed.isolcpusFlags == [])
        let parts = options("isolcpus=managed_irq,2-7 isolcpus=domain,4-7 nohz_full=5-7")
        #expect(parts.isolatedCPUs == [4, 5, 6, 7] && parts.nohzFull == [5, 6, 7])
        #expect(parts.isolcpusFlags == ["managed_irq", "domain"])
    }

    @Test(
        "what the kernel ignores is told, with the reason",
        arguments: [
            ("isolcpus=2-", "isolcpus=2-", BootOptions.Ignored.Reason.noList),
            ("isolcpus=domain1,2", "isolcpus=domain1,2", .noFlag),
            ("nohz_full=all,x", "nohz_full=all,x", .noList),
            ("isolcpus=", "isolcpus=", .noCPU),
            ("nohz_full=2 nohz_full=3", "nohz_full=3", .contradiction),
        ])
    func ignored(line: String, option: String, reason: BootOptions.Ignored.Reason) {
        #expect(options(line).ignored == [BootOptions.Ignored(option: option, reason: reason)])
    }

    @Test("every value of an option is kept, in order")
    func repeated() {
        #expect(options("tsc=reliable quiet tsc=nowatchdog tsc").values(of: "tsc") == ["reliable", "nowatchdog", ""])
        #expect(options("isolcpus=2 isolcpus=managed_irq,3").ignored == [])
    }

    @Test("isolcpus with the flag nohz stops ticks like nohz_full")
    func nohz() {
        let options = options("isolcpus=nohz,domain,4-7 nohz_full=4-7")
        #expect(options.nohzFull == [4, 5, 6, 7] && options.isolatedCPUs == [4, 5, 6, 7])
    }

    @Test("the last value of an option counts, and hyphens are underscores in names alone")
    func values() {
        let options = options("root=/dev/vda1 irqaffinity=0-1 quiet irqaffinity=2-3 rcu-nocbs=4-7 a=b=c empty=")
        #expect(options.value(of: "irqaffinity") == "2-3")
        #expect(options.value(of: "rcu_nocbs") == "4-7" && options.value(of: "rcu-nocbs") == "4-7")
        #expect(options.value(of: "quiet") == "" && options.value(of: "empty") == "")
        #expect(options.value(of: "a") == "b=c")
        #expect(
            options.value(of: "root") == "/dev/vda1" && options.value(of: "Root") == nil
                && options.value(of: "vda1") == nil)
    }

    @Test("what is quoted is one word, and what follows two hyphens is for the first process")
    func words() {
        let options = options("dyndbg=\"file a +p; isolcpus=1\"  \"b=c d\"\tx -- isolcpus=2 y")
        #expect(options.value(of: "dyndbg") == "file a +p; isolcpus=1")
        #expect(options.value(of: "b") == "c d" && options.value(of: "x") == "")
        #expect(options.isolatedCPUs == [] && options.value(of: "y") == nil)
    }
}
