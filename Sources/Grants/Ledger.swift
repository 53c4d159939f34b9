// SPDX-License-Identifier: Apache-2.0

package import MachineKit
import ShieldKit

/// The live grants of a machine, and what the files held that they changed.
///
/// Every mask is computed from it, never toggled: what a file holds is what it held, without the CPUs of all who own some. So it
/// does not matter in which order containers end, nor who replaces whom on which CPUs.
package struct Ledger: Hashable, Sendable, Codable {
    /// Where it is.
    package static let file = KernelFile(.state, "ledger")
    static let format = 2

    /// The shape of the file.
    package var format = Self.format
    /// The boot that it belongs to; cgroups, processes and masks do not outlive it.
    package var bootID: String
    /// In the order in which they were given.
    package private(set) var grants: [Grant] = []
    /// What each shared file held before the first grant that touched it, in no order.
    package var originals: [Original] = []
    /// The CPUs that all interrupts have left; nil while a hook is at them, or died there.
    package var quieted: CPUSet? = []
    /// The CPUs that irqbalance left alone before; nil while it has been told nothing.
    package var banned: CPUSet?

    /// What the kernel threads could use that had to move; nil while none had to.
    package var threads: ThreadAffinities?
    /// The CPUs that all kernel threads have left that can; nil while a hook is at them, or died there.
    package var vacated: CPUSet? = []

    /// What a file held.
    package struct Original: Hashable, Sendable {
        package var file: ControlFile
        package var value: ControlValue
    }

    /// An empty ledger.
    package init(bootID: String) { self.bootID = bootID }

    /// The grant of a container; nil when it has none.
    package subscript(id: String) -> Grant? { grants.first { $0.id == id } }

    /// Whether nothing is granted, and everything is as it was.
    package var isSettled: Bool { grants.isEmpty && originals.isEmpty && banned == nil && threads == nil }

    /// Enters a grant; one of the same container gives way.
    package mutating func enter(_ grant: Grant) {
        remove(grant.id)
        grants.append(grant)
    }

    /// Removes the grant of a container.
    package mutating func remove(_ id: String) { grants.removeAll { $0.id == id } }

    // MARK: - What the grants come to

    /// The CPUs that interrupts leave.
    package var quiet: CPUSet { grants.reduce(into: []) { $0.formUnion($1.quiet) } }

    /// The CPUs that kernel threads leave.
    package var vacant: CPUSet { grants.reduce(into: []) { if $1.movesKernelThreads { $0.formUnion($1.cpus) } } }

    /// The last grant that has a CPU: a container that replaces another may start before the other is gone.
    package func owner(of cpu: Int, where wants: (Grant) -> Bool) -> Grant? {
        grants.last { $0.cpus.contains(cpu) && wants($0) }
    }

    /// What a file held before; nil when no grant touched it.
    package func original(of file: ControlFile) -> ControlValue? { originals.first { $0.file == file }?.value }

    /// Remembers what a file holds, unless something older is remembered.
    package mutating func keep(_ value: ControlValue, of file: ControlFile) {
        if original(of: file) == nil { originals.append(Original(file: file, value: value)) }
    }

    /// Forgets a file that holds again what it held.
    package mutating func forget(_ file: ControlFile) { originals.removeAll { $0.file == file } }
}
