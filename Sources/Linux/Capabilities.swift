// SPDX-License-Identifier: Apache-2.0

internal import CLibcap
import Glibc

/// The rights that a process can use at this moment.
package struct Capabilities: Hashable, Sendable {
    private let effective: Set<Capability>

    /// Names the rights.
    package init(_ effective: some Sequence<Capability>) {
        self.effective = Set(effective)
    }

    /// The rights of this process: its effective set.
    ///
    /// - Returns: The rights that the running kernel knows and this process has.
    /// - Throws: The reason for which the kernel or libcap could not tell.
    ///
    /// The corresponding C functions are `cap_get_proc` and `cap_get_flag`.
    package static func current() throws(Errno) -> Capabilities {
        guard let state = unsafe cap_get_proc() else { throw Errno(rawValue: errno) }
        defer { unsafe cap_free(UnsafeMutableRawPointer(state)) }
        let held = (0..<cap_max_bits()).filter { number in
            var flag = CAP_CLEAR
            return unsafe cap_get_flag(state, number, CAP_EFFECTIVE, &flag) == 0 && flag == CAP_SET
        }
        return Capabilities(held.map(Capability.init(rawValue:)))
    }

    /// Whether the process has a right.
    package func has(_ capability: Capability) -> Bool {
        effective.contains(capability)
    }
}
