// SPDX-License-Identifier: Apache-2.0

/// What became of values that may be refused one by one.
package struct TuningReport: Hashable, Sendable {
    /// What the kernel took.
    package var taken: [NoiseSource: [Write]] = [:]
    /// What the kernel did not take.
    package var refused: [NoiseSource: [RefusedWrite]] = [:]

    package init() {}

    package var changedNothing: Bool { taken.isEmpty }
}
