// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

/// What a person should know of the shield that is in place: the worst first, then what always holds.
struct ShieldFindings {
    let shield: Shield
    let host: Host
    let census: TaskSummary
    let groups: CgroupSummary
    let pool: ShieldReport.PoolReport?
    let drifts: [Drift]
    let noise: [Finding]
    package let late: [LateUnit]

    private static let reconcile = "run 'rtshield reconcile'"

    var all: [Finding] {
        let found =
            poolState + hotplug + drifted + [Finding(late: late)].compactMap(\.self) + strays + kernelThreads
            + wideContainers + noise + warnings + kubelet + standing
        return found.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
    }

    // MARK: - What the kernel holds

    private var poolState: [Finding] {
        guard let pool, !pool.isValid else { return [] }
        return [
            Finding(
                .error, "the kernel does not guard the pool: \(pool.group) is '\(pool.state)'",
                why: host.layout.version == .v1
                    ? "the scheduler balances load across the pool's borders"
                    : host.kernel < KernelVersion(7, 0)
                        ? "before Linux 7.0 a cgroup beside the pool that lists one of the pool's CPUs makes the pool invalid"
                        : "its CPUs are offline, or another program wrote to its files",
                advice: "\(Self.reconcile), which restores the pool or says what prevents that")
        ]
    }

    private var hotplug: [Finding] {
        let offline = shield.cpus.subtracting(host.online)
        let fresh = host.online.subtracting(shield.everyCPU).subtracting(host.groups.takenByOthers)
        var findings: [Finding] = []
        if !offline.isEmpty {
            findings.append(
                Finding(
                    .warning, "shielded CPU \(offline) is offline",
                    why: "programs on the shield share the remaining CPUs",
                    advice: "bring it online, and \(Self.reconcile)"))
        }
        if !fresh.isEmpty {
            findings.append(
                Finding(
                    .warning,
                    "CPU \(fresh) came online, or was released, after the shield was made, and belongs to no partition",
                    advice: "run 'rtshield create --cpus \(shield.cpus)' again"))
        }
        return findings
    }

    private var drifted: [Finding] {
        drifts.map { drift in
            Finding(
                .warning,
                drift.holds.map { "\(drift.path) holds '\($0)', not '\(drift.wrote)'" } ?? "\(drift.path) is missing",
                why: "another program changed it after rtshield wrote it", advice: Self.reconcile)
        }
    }

    // MARK: - What is on the shield and could leave it

    private var strays: [Finding] {
        guard !census.strays.isEmpty else { return [] }
        return [
            Finding(
                .warning,
                "\(counted(census.strays.count, "task")) on the shield can be moved off: \(census.strays.summary())",
                why: "their cgroups have every CPU", advice: Self.reconcile)
        ]
    }

    private var kernelThreads: [Finding] {
        guard shield.attributes.contains(.kernelThreads), !census.kernelThreads.isEmpty else { return [] }
        let count = counted(census.kernelThreads.count, "kernel thread")
        return [
            Finding(
                .warning, "\(count) on the shield can be moved off: \(census.kernelThreads.summary())",
                why: host.kernel < KernelVersion(7, 2)
                    ? "before Linux 7.2 a new kernel thread may run on every CPU"
                    : "a new kernel thread may run on every CPU that is not isolated",
                advice: Self.reconcile)
        ]
    }

    private var wideContainers: [Finding] {
        census.wideContainers.sorted { $0.key < $1.key }.map { path, tasks in
            Finding(
                .warning, "\(path.title) runs \(counted(tasks, "task")) on the shield",
                why: "it requests no CPUs, and started after the last check", advice: Self.reconcile)
        }
    }

    // MARK: - What is good to know

    private var warnings: [Finding] {
        ShieldWarnings(shield, on: host).texts.map { Finding(.warning, $0) }
    }

    private var kubelet: [Finding] {
        guard groups.leftToKubelet > 0 else { return [] }
        let tasks = census.atHome[.kubelet] ?? 0
        return [
            Finding(
                .note,
                "\(counted(groups.leftToKubelet, "pod cgroup")) left to kubelet; \(counted(tasks, "task")) there may run "
                    + "on the shield",
                why: "kubelet's static CPU manager policy assigns CPUs itself")
        ]
    }

    private var standing: [Finding] {
        guard shield.placement == .open else { return [] }
        return [
            Finding(
                .note, "a container that requests no CPUs starts on all CPUs",
                why:
                    "the parents of containers keep all CPUs, so that a container that requests shielded CPUs gets them",
                advice: "'rtshield reconcile' narrows it")
        ]
    }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
