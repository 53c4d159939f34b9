// SPDX-License-Identifier: Apache-2.0

import ShieldKit

/// A request about CPUs that only somebody who has them alone can be granted.
package struct CPUFeature: Hashable, Sendable {
    /// The annotation that asks for it.
    package var name: AnnotationKey
    /// What it is, as words that follow "would be granted:"; parts of it come from the container.
    package var text: String
}

extension Requests {
    /// The requests about CPUs, in a fixed order.
    package var favours: [CPUFeature] {
        var favours: [CPUFeature] = []
        func add(_ name: AnnotationKey, _ text: String) { favours.append(CPUFeature(name: name, text: text)) }
        switch irqs {
        case .disable: add(.irqs, "no interrupts on its CPUs")
        case .housekeeping: add(.irqs, "no interrupts on its CPUs but the first core")
        case nil: break
        }
        if movesKernelThreads { add(.kernelThreads, "no movable kernel threads on its CPUs") }
        if loadBalancing == false { add(.loadBalancing, "no load balancing over its CPUs") }
        if endsQuota { add(.quota, "no quota") }
        if let idleStates { add(.idleStates, "resume latency '\(idleStates.text)' for its CPUs") }
        if let governor { add(.governor, "the governor '\(governor)' for its CPUs") }
        return favours
    }
}
