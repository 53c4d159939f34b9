// SPDX-License-Identifier: Apache-2.0

package import Containers
import Grants
import MachineKit
import ShieldKit

extension HookInvocation {
    /// Decides what a container may have, and gives it that.
    ///
    /// - Parameters:
    ///   - container: The container.
    ///   - process: Its first process, which waits for the hook.
    ///   - limits: How much real-time scheduling containers may have.
    ///   - kubelet: What kubelet gave to whom; nil without kubelet.
    /// - Returns: What it has not got, one line each.
    /// - Throws: ``HookFailure`` when it is not to start, or starts with nothing; then nothing is changed.
    package func start(
        _ container: Container, process: Int32, within limits: RealtimeLimits, kubelet: KubeletCPUs?
    ) throws(HookFailure) -> [String] {
        let context = DecisionContext(kubelet: kubelet, pool: summary.shield?.partition(Partition.containers)?.cpus)
        let allowance = Allowed(ContainerDecision(of: container, in: context, within: limits, by: rules))
        do throws(HookInvocationError) {
            return try start(container, process: process, allowance, kubelet: kubelet)
        } catch {
            throw HookFailure(error, of: container.id, isNeeded: allowance.needs(anyOf: rules.strict))
        }
    }
}
