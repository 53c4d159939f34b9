// SPDX-License-Identifier: Apache-2.0

/// Values of one attribute, each of which the kernel may refuse without harm to the others.
package struct Tuning: Hashable, Sendable, Codable {
    package var attribute: NoiseSource
    package var writes: [Write]

    package init(_ attribute: NoiseSource, writes: [Write]) {
        self.attribute = attribute
        self.writes = writes
    }

    package var inverse: Tuning { Tuning(attribute, writes: writes.map(\.inverse)) }
}
