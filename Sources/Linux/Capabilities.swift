// SPDX-License-Identifier: Apache-2.0

internal import CLibcap
import Glibc

/// The capabilities that a thread can use at this moment, and how it gives the others up.
///
/// The kernel's document is `capabilities(7)`.
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
        let state = try CapabilityState.current()
        return Capabilities(
            (0..<cap_max_bits()).map(Capability.init(rawValue:)).filter { state.has($0, CAP_EFFECTIVE) })
    }

    /// Whether the process has a right.
    package func has(_ capability: Capability) -> Bool {
        effective.contains(capability)
    }
}

extension Capabilities {
    /// Gives up all rights but some, for ever.
    ///
    /// For programs, before they start a thread: it is the calling thread that gives them up. Of the rights to keep,
    /// those that it has stay effective and permitted; it leaves none to a program that it becomes. Root is made
    /// powerless, and the bounding set emptied, where the thread has the right to that, which is
    /// ``Capability/setRights``.
    ///
    /// - Parameters:
    ///   - kept: The rights to keep.
    ///   - emptyingBounds: Whether to empty the bounding set, one call a right; it means nothing to who can start no
    ///     program, or none that gains rights.
    /// - Throws: The reason of the refusal; ``Errno/notPermitted`` also if the kernel then holds anything else.
    ///
    /// The corresponding C functions are `cap_drop_bound`, `cap_set_secbits` and `cap_set_proc`.
    package static func keep(only kept: [Capability], emptyingBounds: Bool = true) throws(Errno) {
        let held = try CapabilityState.current()
        let wanted = try CapabilityState.holding(kept.filter { held.has($0, CAP_PERMITTED) })
        if held.has(.setRights, CAP_EFFECTIVE) {
            if emptyingBounds {
                for number in 0..<cap_max_bits() { _ = try call { libc(cap_drop_bound(number)) } }
            }
            _ = try call { libc(cap_set_secbits(SecureBits.rootPowerless)) }
        }
        // The kernel keeps no right ambient that is not inheritable too.
        try wanted.install()
        if try !CapabilityState.current().equals(wanted) { throw .notPermitted }
    }
}

/// The switches of `linux/securebits.h`, which no module of Swift has.
private enum SecureBits {
    /// `SECBIT_NOROOT`, `SECBIT_NO_SETUID_FIXUP` and `SECBIT_NO_CAP_AMBIENT_RAISE`, each with its lock, and the lock of
    /// `SECBIT_KEEP_CAPS`.
    static let rootPowerless: UInt32 = 0b1110_1111
}

/// The three sets that libcap handles together.
@safe private struct CapabilityState: ~Copyable {
    private let state: cap_t

    private init(owning state: cap_t) {
        unsafe self.state = state
    }

    /// The sets of the calling thread.
    static func current() throws(Errno) -> CapabilityState {
        guard let state = unsafe cap_get_proc() else { throw Errno(rawValue: errno) }
        return unsafe CapabilityState(owning: state)
    }

    /// Sets that hold some rights, effective and permitted, and nothing inheritable.
    static func holding(_ rights: [Capability]) throws(Errno) -> CapabilityState {
        guard let empty = unsafe cap_init() else { throw Errno(rawValue: errno) }
        let state = unsafe CapabilityState(owning: empty)
        let numbers = rights.map(\.rawValue)
        if numbers.isEmpty { return state }
        for flag in [CAP_PERMITTED, CAP_EFFECTIVE] {
            _ = try call { unsafe libc(cap_set_flag(state.state, flag, Int32(numbers.count), numbers, CAP_SET)) }
        }
        return state
    }

    deinit {
        unsafe cap_free(UnsafeMutableRawPointer(state))
    }

    func has(_ capability: Capability, _ flag: cap_flag_t) -> Bool {
        var value = CAP_CLEAR
        return unsafe cap_get_flag(state, capability.rawValue, flag, &value) == 0 && value == CAP_SET
    }

    /// Whether the three sets are the same.
    func equals(_ other: borrowing CapabilityState) -> Bool {
        unsafe cap_compare(state, other.state) == 0
    }

    /// Makes them the sets of the calling thread.
    func install() throws(Errno) {
        _ = try call { unsafe libc(cap_set_proc(state)) }
    }
}
