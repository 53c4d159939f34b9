// SPDX-License-Identifier: Apache-2.0

import Linux

/// What a scripted machine refuses on purpose.
struct Faults {
    /// Refuses every change of a path that ends so.
    var refusals: [(suffix: String, errno: Errno)] = []
    /// Refuses the first changes of a path that ends so, as a group that a task has just left.
    var passing: (suffix: String, errno: Errno, times: Int)?
    /// Refuses the change with this number, counted from 0, and no other.
    var failing: (index: Int, errno: Errno)?
    /// The change at which the program dies, counted from 0: it and everything after it fail, and what was done stays done.
    var death: Int?
    private(set) var changes = 0
    private(set) var isDead = false

    mutating func checkAlive() throws(Errno) {
        if isDead { throw .inputOutput }
    }

    /// Counts a change that is about to happen.
    mutating func check(_ path: String) throws(Errno) {
        try checkAlive()
        defer { changes += 1 }
        if changes == death {
            isDead = true
            throw .inputOutput
        }
        if let fault = passing, fault.times > 0, path.hasSuffix(fault.suffix) {
            passing?.times -= 1
            throw fault.errno
        }
        if let failing, failing.index == changes { throw failing.errno }
        if let refusal = refusals.first(where: { path.hasSuffix($0.suffix) }) { throw refusal.errno }
    }
}
