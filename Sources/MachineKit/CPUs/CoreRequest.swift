// SPDX-License-Identifier: Apache-2.0

/// A request whole cores, wherever they are.
package struct CoreRequest: Hashable, Sendable {
    /// What becomes of the hardware threads of a core.
    package enum Threads: String, Hashable, Sendable, CaseIterable {
        /// All of them run programs.
        case pair
        /// One runs programs; the others are shielded too, and idle.
        case off
    }

    package var cores: Int
    /// The NUMA node they are to be on; nil for any.
    package var node: Int?
    package var threads: Threads

    package init(cores: Int, node: Int? = nil, threads: Threads = .pair) {
        self.cores = cores
        self.node = node
        self.threads = threads
    }
}
