// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import CommandTable

/// `rtshield create`: makes a shield, or changes the one there is.
enum CreateCommand {
    struct Arguments: Sendable {
        var cpus: CPUSet?
        var userCPUs: CPUSet?
        var dockerCPUs: CPUSet?
        var named: [NamedCPUs] = []
        var mems: MemoryNodes?
        var isExclusive = false
        var isIsolated = false
        var isDryRun = false
        var isJSON = false
        var sysroot: String?

        var request: ShieldRequest {
            let placement = isExclusive || isIsolated ? Placement.pool(balanced: !isIsolated) : .open
            var request = ShieldRequest(cpus: cpus, placement: placement)
            request.userCPUs = userCPUs
            request.dockerCPUs = dockerCPUs
            request.named = named.map { ($0.name, $0.cpus) }
            request.mems = mems
            return request
        }
    }

    static let description = Command(
        "create", "Shield CPUs, or change the shield there is", Arguments(),
        details: [
            "Everything that did not ask for CPUs leaves the shielded ones; a container that asks for them by number gets them. "
                + "Without --user-cpus and --docker-cpus both partitions share the whole shield.",
            "With --exclusive the kernel guards the CPUs, and only what is started in the partitions' cgroups gets them; "
                + "--isolated also switches load balancing off there. Giving another list to an existing shield resizes it.",
        ],
        options: [
            .value("cpus", "c", "LIST", \.cpus, "CPUs to shield, such as 2-5,8") { try CPUSet(parsing: $0) },
            .value("user-cpus", nil, "LIST", \.userCPUs, "Those of them for host processes") {
                try CPUSet(parsing: $0)
            },
            .value("docker-cpus", nil, "LIST", \.dockerCPUs, "Those of them for containers") {
                try CPUSet(parsing: $0)
            },
            .values("partition", "p", "NAME=LIST", \.named, "Those of them for a partition of your own") {
                try NamedCPUs(parsing: $0)
            },
            .value("mems", nil, "LIST", \.mems, "Memory nodes, instead of those near the CPUs") {
                try MemoryNodes(parsing: $0)
            },
            .flag("exclusive", "x", \.isExclusive, "Let the kernel guard the shield as a pool"),
            .flag("isolated", "i", \.isIsolated, "The same, without load balancing"),
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .value("sysroot", nil, "DIR", \.sysroot, "Plan for a recorded machine", completion: .directory) { $0 },
            .flag("json", nil, \.isJSON, "Print JSON"),
        ],
        examples: [
            ("rtshield create --cpus 2-5", "Shield CPUs 2 to 5"),
            ("rtshield create -c 2-5 --dry-run", "See each write first"),
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        if arguments.sysroot != nil, !arguments.isDryRun {
            throw Failure("create: --sysroot needs --dry-run: a recording cannot be changed", status: Exit.usage)
        }
        if arguments.isDryRun {
            let shielding = try Session.reading(arguments.sysroot ?? "/")
            return try PlanView(plan(arguments.request, shielding), shielding: shielding).print(
                asJSON: arguments.isJSON)
        }
        return try Session.changing { shielding throws(Failure) in
            let shielding = try finishInterrupted(shielding)
            return try Creation(shielding).perform(plan(arguments.request, shielding), asJSON: arguments.isJSON)
        }
    }

    private static func plan(_ request: ShieldRequest, _ shielding: Shielding) throws(Failure) -> Plan {
        do throws(ShieldingError) { return try shielding.plan(request) } catch { throw Failure(error) }
    }

    /// Puts back what an interrupted run left, so that a new one starts from the original machine.
    private static func finishInterrupted(_ shielding: Shielding) throws(Failure) -> Shielding {
        guard shielding.isInterrupted else { return shielding }
        Output.note("an earlier run was interrupted; putting back what it did first")
        _ = try DestroyCommand.destroy(shielding)
        return try Session.observe(shielding.machine)
    }
}

/// A partition as `--partition` takes it.
struct NamedCPUs: Hashable, Sendable {
    var name: String
    var cpus: CPUSet

    init(parsing text: String) throws {
        guard let equals = text.firstIndex(of: "=") else {
            throw UsageError("'\(text)' has no '=': give NAME=LIST, such as audio=4-5")
        }
        name = String(text[..<equals])
        guard Partition.isName(name) else { throw ShieldRequestError.badName(name) }
        cpus = try CPUSet(parsing: String(text[text.index(after: equals)...]))
    }
}
