// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Configuration
import Containers
import Grants
import Linux
import MachineKit
import Reports
import ShieldKit

/// One call by a runtime, from the state it hands over to the status it gets.
struct HookCall {
    let machine: DirectoryMachine
    let configuration: HookConfiguration
    private let log = SystemLog(identifier: "rtshield-hook")

    /// Does what the state asks for.
    ///
    /// - Returns: The exit status: 0 for a container that may start.
    func perform() -> Int32 {
        do throws(HookFailure) {
            let state = try readState()
            // Once a container is stopped its runtime has no process to name.
            if let process = state.pid, state.status != "stopped" {
                let remarks = try start(state, process)
                for remark in remarks { log.log("\(state.id): \(remark)".safeToPrint, .notice) }
            } else {
                try end(state.id)
            }
            return Exit.done
        } catch {
            return tell(error)
        }
    }

    /// One line for the runtime to show, and the same for the log.
    private func tell(_ failure: HookFailure) -> Int32 {
        let line = failure.line.safeToPrint
        log.log(line, failure.isFatal ? .error : .warning)
        guard failure.isFatal else { return Exit.done }
        try? StandardError.write("rtshield-hook: \(line)\n")
        return Exit.refused
    }

    private func readState() throws(HookFailure) -> ContainerState {
        do throws(Failure) {
            return try ContainerSource.readState()
        } catch {
            throw HookFailure(error.what, isFatal: true)
        }
    }

    // MARK: - Start

    private func start(_ state: ContainerState, _ process: Int32) throws(HookFailure) -> [String] {
        let container = try container(of: state)
        let relies = AnnotationKey.isAny(in: container.annotations)
        guard let configuration = configuration.whole else { throw HookFailure(configuration.flaw, isFatal: relies) }
        // Another rtshield may have the machine for as long as systemd takes to reload.
        if !relies { OwnDeadline.end(with: Exit.done) }
        let site = try HookLock.enter(machine, isNeeded: relies)
        let kubelet = container.isKubernetes ? kubeletCPUs() : nil
        let policy = configuration.policy
        let decision = Decision(
            on: container, in: DecisionContext(kubelet: kubelet, shield: site.summary.shield), by: policy)
        do throws(GrantError) {
            return try HookInvocation(on: site.machine, summary: site.summary, caller: CurrentProcess.id)
                .start(decision, process: process, strict: policy.strict)
        } catch {
            throw HookFailure(error, of: state.id, isNeeded: decision.allocation.needs(anyOf: policy.strict))
        }
    }

    /// A container whose configuration cannot be found starts, unless what its runtime tells shows that it relies on a grant.
    private func container(of state: ContainerState) throws(HookFailure) -> Container {
        do throws(Failure) {
            return try ContainerSource(sysroot: "/").container(of: state)
        } catch {
            throw HookFailure("\(state.id): \(error.what)", isFatal: AnnotationKey.isAny(in: state.annotations))
        }
    }

    /// kubelet's word on its containers; without it they are judged by what can be computed.
    private func kubeletCPUs() -> KubeletCPUs? {
        do throws(ContainerError) {
            return try ContainerFiles.kubeletCPUs(in: "/var/lib/kubelet")
        } catch {
            log.log("\(error)".safeToPrint, .warning)
            return nil
        }
    }

    // MARK: - End

    private func end(_ id: ContainerID) throws(HookFailure) {
        let site = try HookLock.enter(machine, isNeeded: true)
        do throws(GrantError) {
            try HookInvocation(on: site.machine, summary: site.summary, caller: CurrentProcess.id).end(id)
        } catch {
            throw HookFailure(error, of: id, isNeeded: true)
        }
    }
}
