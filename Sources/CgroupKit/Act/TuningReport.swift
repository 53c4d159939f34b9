// SPDX-License-Identifier: Apache-2.0

/// What became of values that may be refused one by one.
package struct TuningReport: Hashable, Sendable {
    /// What the kernel took.
    package var taken: [Attribute: [Write]] = [:]
    /// What the kernel did not take.
    package var refused: [Attribute: [RefusedWrite]] = [:]

    package init() {}

    package var changedNothing: Bool { taken.isEmpty }
}
