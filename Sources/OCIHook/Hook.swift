// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Configuration
import Containers
import Grants
package import Linux
package import MachineKit
import Text

/// One call by a runtime, from the state it hands over to what it is told.
///
/// The caller has entered the ``Sandbox`` before it reads the state.
package struct Hook {
    private let machine: any Machine
    private let configuration: HookConfiguration
    private let root: String
    private let caller: Int32
    private let onSpareable: () -> Void

    /// Prepares a call.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - configuration: What its administrator decided.
    ///   - root: The directory that has kubelet's files, and those of containers that are looked for.
    ///   - caller: The process of the hook.
    ///   - onSpareable: Is called before anything is waited for when the container may start without the hook: another rtshield
    ///     may have the machine for as long as systemd takes to reload.
    package init(
        on machine: any Machine, configuration: HookConfiguration, root: String = "/",
        caller: Int32 = CurrentProcess.id,
        onSpareable: @escaping () -> Void = { OwnDeadline.end(with: HookOutcome.done) }
    ) {
        self.machine = machine
        self.configuration = configuration
        self.root = root == "/" ? "" : root
        self.caller = caller
        self.onSpareable = onSpareable
    }

    /// Does what the state asks for.
    ///
    /// - Parameter input: What was read on standard input.
    /// - Returns: What came of it.
    package func run(input: Result<[UInt8], Errno>) -> HookOutcome {
        var outcome = HookOutcome()
        do throws(HookFailure) {
            let state = try state(input)
            // Once a container is stopped its runtime has no process to name.
            if let process = state.pid, state.status != "stopped" {
                try start(state, process, &outcome)
            } else {
                try end(state.id)
            }
        } catch {
            outcome.fail(error)
        }
        return outcome
    }

    private func state(_ input: Result<[UInt8], Errno>) throws(HookFailure) -> ContainerState {
        do throws(StateError) {
            return try ContainerState(input: input)
        } catch {
            throw HookFailure("\(error)", isFatal: true)
        }
    }

    // MARK: - Start

    private func start(_ state: ContainerState, _ process: Int32, _ outcome: inout HookOutcome) throws(HookFailure) {
        let container = try container(of: state)
        let relies = AnnotationKey.isAny(in: container.annotations)
        guard let configuration = configuration.whole else { throw HookFailure(configuration.flaw, isFatal: relies) }
        if !relies { onSpareable() }
        let remarks = try locked(isNeeded: relies) { summary throws(HookFailure) in
            let kubelet = container.isKubernetes ? kubeletCPUs(&outcome) : nil
            return try HookInvocation(on: machine, summary: summary, caller: caller).start(
                container, process: process, by: configuration.policy, kubelet: kubelet)
        }
        for remark in remarks { outcome.note("\(state.id): \(remark)", .notice) }
    }

    /// A container whose configuration cannot be found starts, unless what its runtime tells shows that it relies on a grant.
    private func container(of state: ContainerState) throws(HookFailure) -> Container {
        do throws(ContainerError) {
            return try Container(of: state, root: root)
        } catch {
            throw HookFailure("\(state.id): \(error)", isFatal: AnnotationKey.isAny(in: state.annotations))
        }
    }

    /// kubelet's word on its containers; without it they are judged by what can be computed.
    private func kubeletCPUs(_ outcome: inout HookOutcome) -> KubeletCPUs? {
        do throws(ContainerError) {
            return try ContainerFiles.kubeletCPUs(in: root + "/var/lib/kubelet")
        } catch {
            outcome.note("\(error)", .warning)
            return nil
        }
    }

    // MARK: - End

    private func end(_ id: ContainerID) throws(HookFailure) {
        try locked(isNeeded: true) { summary throws(HookFailure) in
            do throws(GrantError) {
                try HookInvocation(on: machine, summary: summary, caller: caller).end(id)
            } catch {
                throw HookFailure(error, of: id, isNeeded: true)
            }
        }
    }

    // MARK: - The lock

    /// Does something while no other rtshield changes the machine; the deadline of the hook ends waiting for that.
    ///
    /// - Parameters:
    ///   - isNeeded: Whether the container cannot start without it.
    ///   - body: What is to be done, with what was read of the machine since it is locked.
    /// - Returns: What `body` returns.
    /// - Throws: ``HookFailure`` when the machine cannot be locked or has no cpusets, and what `body` throws.
    private func locked<Answer>(
        isNeeded: Bool, _ body: (HostSummary) throws(HookFailure) -> Answer
    ) throws(HookFailure) -> Answer {
        let lock = try lock(isNeeded: isNeeded)
        let summary: HostSummary
        do throws(HostError) {
            summary = try HostSummary(at: machine)
        } catch {
            throw HookFailure("\(error)", isFatal: isNeeded)
        }
        let answer = try body(summary)
        _ = consume lock
        return answer
    }

    private func lock(isNeeded: Bool) throws(HookFailure) -> StateLock {
        do throws(FileError) { return try machine.lock {} } catch { throw HookFailure("\(error)", isFatal: isNeeded) }
    }
}
