// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import CommandTable
import MachineKit
import ShieldKit

/// `rtshield create`: makes a shield, or changes the one there is.
enum CreateCommand {
    static let description = Command(
        "create", "Shield CPUs, or change the existing shield", Arguments(),
        details: [
            "Everything that requests no specific CPUs leaves the shielded ones; a container that requests them gets "
                + "them. Without --user-cpus and --docker-cpus both partitions share the whole shield.",
            "With --exclusive the kernel guards the CPUs, and only programs that are started in the partitions' cgroups "
                + "get them; --isolated also switches load balancing off there. Another list of CPUs resizes an existing "
                + "shield.",
            "Noise sources such as interrupts, work queues and kernel threads are kept off the shielded CPUs: by default "
                + NoiseSource.defaults.sorted().map(\.rawValue).joined(separator: ", ") + "; with --with also "
                + Set(NoiseSource.allCases).subtracting(NoiseSource.defaults).sorted().map(\.rawValue)
                .joined(separator: ", ") + ". NAME of --irq is a number or a pattern such as 'eth0-*'.",
        ],
        options: [
            .value("cpus", "c", "LIST", \.cpus, "CPUs to shield, such as 2-5,8") { try CPUSet(parsing: $0) },
            .value("cores", nil, "COUNT", \.cores, "Shield this many whole cores", parse: number),
            .value("numa", nil, "NODE", \.node, "Take the cores from this NUMA node", parse: number),
            .value(
                "smt", nil, "WHAT", \.threads, "Use all threads of a core (pair), or one (off)",
                completion: .oneOf(CoreRequest.Threads.allCases.map(\.rawValue))
            ) { CoreRequest.Threads(rawValue: $0) },
            .value("user-cpus", nil, "LIST", \.userCPUs, "Shielded CPUs for host processes") {
                try CPUSet(parsing: $0)
            },
            .value("docker-cpus", nil, "LIST", \.dockerCPUs, "Shielded CPUs for containers") {
                try CPUSet(parsing: $0)
            },
            .values("partition", "p", "NAME=LIST", \.named, "Shielded CPUs for another partition") {
                try NamedCPUs(parsing: $0)
            },
            .value("mems", nil, "LIST", \.mems, "NUMA nodes (default: those of the CPUs)") {
                try MemoryNodes(parsing: $0)
            },
            .value("with", nil, "LIST", \.with, "Noise sources to add, such as governor,xps") {
                try NoiseSourceList.parse($0)
            },
            .value("without", nil, "LIST", \.without, "Noise sources to leave out, such as rps") {
                try NoiseSourceList.parse($0)
            },
            .values("irq", nil, "NAME=LIST", \.irqRules, "Send these interrupts to these CPUs") {
                try IRQRule(parsing: $0)
            },
            .flag("chase-timers", nil, \.chasesTimers, "Cycle shielded CPUs to move their timers"),
            .flag("exclusive", "x", \.isExclusive, "Let the kernel guard the shield as a pool"),
            .flag("isolated", "i", \.isIsolated, "The same, without load balancing"),
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .value("sysroot", nil, "DIR", \.sysroot, "Plan for a recorded machine", completion: .directory) { $0 },
            .flag("json", nil, \.isJSON, "Print JSON"),
        ],
        examples: [
            ("rtshield create --cpus 2-5", "Shield CPUs 2 to 5"),
            ("rtshield create -c 2-5 --dry-run", "Print each write first"),
            ("rtshield create --cores 2 --irq 'eth0-rx-*=4'", "Choose cores, and send a queue to CPU 4"),
        ],
        perform: perform)

    private static func number(_ text: String) throws -> Int {
        guard let number = Int(text), number >= 0 else { throw UsageError("'\(text)' is not a number") }
        return number
    }

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        let request = try arguments.request()
        if arguments.sysroot != nil, !arguments.isDryRun {
            throw Failure("create: --sysroot needs --dry-run: a recording cannot be changed", status: Exit.usage)
        }
        let form = OutputForm(isJSON: arguments.isJSON)
        if arguments.isDryRun {
            let shielding = try Session.reading(arguments.sysroot ?? "/")
            try Output.render(PlanReport(try plan(request, arguments, shielding), shielding: shielding), as: form)
        } else {
            try Session.changing { shielding in
                let shielding = try shielding.withoutInterruption()
                try Output.render(try shielding.create(try plan(request, arguments, shielding)), as: form)
            }
        }
        return Exit.done
    }

    private static func plan(
        _ request: ShieldRequest, _ arguments: Arguments, _ shielding: ShieldOperations
    ) throws(ShieldError) -> Plan {
        var plan = try shielding.decide(request)
        if arguments.chasesTimers { plan.steps.append(.cycleCPUs(plan.shield.cpus)) }
        return plan
    }
}
