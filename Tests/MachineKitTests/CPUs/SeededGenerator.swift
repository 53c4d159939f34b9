// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// The same pseudo-random numbers in every run: a failure can be repeated.
///
/// The generator is SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Sets of all shapes: a few CPUs or many, single ones or runs, on small machines and on the largest.
    mutating func cpus() -> Set<Int> {
        let limit = [8, 64, 65, 200, 1_024, 1_025, 65_536].randomElement(using: &self) ?? 8
        var result: Set<Int> = []
        for _ in 0..<Int.random(in: 0...12, using: &self) {
            let first = Int.random(in: 0..<limit, using: &self)
            let length = Bool.random(using: &self) ? 1 : Int.random(in: 1...150, using: &self)
            result.formUnion(first..<min(first + length, limit))
        }
        return result
    }
}
