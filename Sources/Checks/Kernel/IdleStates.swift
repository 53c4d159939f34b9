// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

extension Rule {
    static let idleStates = Rule(
        "idle-states", .kernel,
        title: "Quiet CPUs wake without delay",
        why:
            "A waiting CPU enters an idle state, and the deeper the state, the longer the CPU takes to wake. A program "
            + "that spins keeps its CPU awake; one that waits for a timer or an interrupt is delayed by that time.",
        reference: KernelPage.idleStates
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        var sleepers: [IdleState: CPUSet] = [:]
        for cpu in quiet {
            guard let state = IdleState.deepest(of: cpu, on: evidence), state.latency > IdleState.tolerable else {
                continue
            }
            sleepers[state, default: []].insert(cpu)
        }
        return sleepers.sorted { ($0.value.first ?? 0) < ($1.value.first ?? 0) }.map { state, cpus in
            evidence.disturbance(
                .resumeLatency,
                "\(cpus.title) may enter idle state \(state.name), and take \(state.latency) us to wake",
                wanted: "n/a in power/pm_qos_resume_latency_us, or a program that holds /dev/cpu_dma_latency open")
        }
    }

    static let idleDriver = Rule(
        "idle-options", .kernel,
        title: "Options for idle states have the intended effect",
        why:
            "intel_idle.max_cstate=0 leaves idle states to the ACPI driver, which has deep ones too, unless "
            + "processor.max_cstate= limits it. idle=poll keeps all CPUs of the machine busy, and slows down the other "
            + "thread of each core.",
        reference: KernelPage.parameters
    ) { evidence in
        if evidence.bootOption("idle") == "poll" {
            let hasThreads = evidence.value(.sys, "devices/system/cpu/smt/active") == "1"
            return [
                hasThreads
                    ? .warning(
                        "idle=poll keeps every hardware thread busy, and each slows down the other thread of its core",
                        wanted: "no idle=poll, or nosmt with it",
                        fix: Remedy.booting(without: "idle=poll", on: evidence)
                            + "; resume-latency does it for quiet CPUs alone")
                    : .note("idle=poll keeps every CPU of the machine busy: power, heat, and no turbo")
            ]
        }
        guard evidence.bootOption("intel_idle.max_cstate") == "0", evidence.bootOption("processor.max_cstate") == nil,
            evidence.value(.sys, "devices/system/cpu/cpuidle/current_driver") == "acpi_idle"
        else { return [] }
        return [
            .note(
                "intel_idle.max_cstate=0 only leaves idle states to acpi_idle",
                wanted: "processor.max_cstate=1 with it",
                fix: Remedy.booting(with: "processor.max_cstate=1", on: evidence))
        ]
    }
}

/// A state in which a CPU sleeps.
struct IdleState: Hashable {
    let name: String
    /// How long it takes to wake, in microseconds.
    let latency: Int

    /// What nobody notices.
    static let tolerable = 10

    /// The deepest state that a CPU may enter; nil when it may enter none, or nobody knows.
    static func deepest(of cpu: Int, on evidence: Evidence) -> IdleState? {
        let directory = "devices/system/cpu/cpu\(cpu)/"
        let limit = evidence.value(.sys, directory + "power/pm_qos_resume_latency_us")
        guard limit != "n/a" else { return nil }
        // 0 stands for no limit.
        let most = limit.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? .max
        var deepest: IdleState?
        for number in 0..<16 {
            let state = directory + "cpuidle/state\(number)/"
            guard let latency = evidence.number(.sys, state + "latency") else { break }
            guard latency <= most, latency > deepest?.latency ?? -1, evidence.value(.sys, state + "disable") != "1"
            else { continue }
            deepest = IdleState(name: evidence.value(.sys, state + "name") ?? "state\(number)", latency: latency)
        }
        return deepest
    }
}
