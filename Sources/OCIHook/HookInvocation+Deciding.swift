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
    ///   - policy: What the administrator decided for all containers.
    ///   - kubelet: What kubelet gave to whom; nil without kubelet.
    /// - Returns: What it has not got, one line each.
    /// - Throws: ``HookFailure`` when it is not to start, or starts with nothing; then nothing is changed.
    package func start(
        _ container: Container, process: Int32, by policy: ContainerPolicy, kubelet: KubeletCPUs?
    ) throws(HookFailure) -> [String] {
        let context = DecisionContext(kubelet: kubelet, shield: summary.shield)
        let decision = Decision(on: container, in: context, by: policy)
        do throws(GrantError) {
            return try start(decision, process: process, strict: policy.strict)
        } catch {
            throw HookFailure(error, of: container.id, isNeeded: decision.allocation.needs(anyOf: policy.strict))
        }
    }
}
