// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit
import Text

/// Where a request for a shield was written, which decides what its parts are called.
enum FrontEnd {
    case commandLine
    /// A file such as `/etc/rtshield/config.yaml`, whose keys are named like the options.
    case configuration

    /// What a part is called: `--cpus`, or `'cpus'`.
    func name(_ part: String) -> String {
        switch self {
        case .commandLine: "--\(part)"
        case .configuration: "'\(part)'"
        }
    }

    /// How a part is written: `--cpus 2-5`, or `'cpus: 2-5'`.
    func setting(_ part: String, _ value: String) -> String {
        switch self {
        case .commandLine: "--\(part) \(value)"
        case .configuration: "'\(part): \(value)'"
        }
    }

    /// How the open placement is chosen.
    var openPlacement: String {
        switch self {
        case .commandLine: "without --exclusive and --isolated"
        case .configuration: "'placement: open'"
        }
    }

    /// How a pool without load balancing is chosen.
    var isolated: String {
        switch self {
        case .commandLine: "--isolated"
        case .configuration: "'placement: isolated'"
        }
    }
}

extension ShieldRequestError {
    /// What is wrong, and what to do in the front end where the request was written.
    func problem(in frontEnd: FrontEnd) -> Problem {
        var problem = problem
        switch self {
        case .nothingAsked:
            problem.fix = "give \(frontEnd.setting("cpus", "LIST")), such as \(frontEnd.setting("cpus", "2-5"))"
        case .cpusAndCores(let cpus, let cores):
            problem.what =
                "\(frontEnd.setting("cpus", "\(cpus)")) and \(frontEnd.setting("cores", "\(cores)")) contradict each other"
        case .cores(let error): return error.problem(in: frontEnd)
        case .inPartition:
            problem.fix = ["'rtshield check host' names the partition", problem.fix].compactMap(\.self)
                .joined(separator: "; ")
        case .outside: problem.fix = "add it to \(frontEnd.name("cpus"))"
        default: break
        }
        return problem
    }
}

extension CoreChoiceError {
    /// What is wrong, and what to do in the front end where the request was written.
    func problem(in frontEnd: FrontEnd) -> Problem {
        var problem = problem
        switch self {
        case .noCores:
            problem.fix = "give \(frontEnd.setting("cores", "COUNT")), such as \(frontEnd.setting("cores", "2"))"
        case .absentNode: problem.fix = "give one that exists, or leave \(frontEnd.name("numa")) out"
        case .tooFew(_, let free, let node, let anywhere, _):
            if node != nil, anywhere > free {
                problem.fix = "without \(frontEnd.name("numa")) there are \(anywhere)"
            } else if problem.fix == nil {
                let threads = "with \(frontEnd.setting("cpus", "LIST"))"
                problem.fix =
                    free == 0 ? "give single threads \(threads)" : "request \(free), or give threads \(threads)"
            }
        case .allIsolated: break
        }
        return problem
    }
}

extension PlanError {
    /// What is wrong, and what to do in the front end where the request was written.
    func problem(in frontEnd: FrontEnd) -> Problem {
        var problem = problem
        switch self {
        case .inTheWay:
            problem.fix =
                "stop them or give them other CPUs, or use the open placement (\(frontEnd.openPlacement))"
        case .bootIsolated:
            problem.fix =
                "use the open placement: CPUs of isolcpus= are not balanced anyway; from Linux 7.0 on, "
                + "\(frontEnd.isolated) works too"
        case .otherPlacement: problem.fix = "run 'rtshield destroy' first"
        case .taken, .exclusiveNeighbour: break
        }
        return problem
    }
}
