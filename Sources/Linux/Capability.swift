// SPDX-License-Identifier: Apache-2.0

internal import CLibcap

/// One of the rights into which Linux divides what root may do.
package struct Capability: Hashable, Sendable, RawRepresentable {
    /// The kernel's number for the right.
    package let rawValue: Int32

    /// Takes the kernel's number for the right.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The name in manuals and in container options, such as `cap_sys_admin`.
    ///
    /// The corresponding C function is `cap_to_name`.
    package var name: String {
        guard let name = unsafe cap_to_name(rawValue) else { return "capability \(rawValue)" }
        defer { unsafe cap_free(name) }
        return unsafe String(cString: name)
    }
}

extension Capability: CustomStringConvertible {
    /// The name, such as `cap_sys_admin`.
    package var description: String { name }
}

// The rights that shielding needs, in the order of their numbers.
extension Capability {
    /// To write files whatever their permissions say.
    ///
    /// The corresponding C constant is `CAP_DAC_OVERRIDE`.
    package static let dacOverride = Capability(rawValue: CAP_DAC_OVERRIDE)

    /// To read files and search directories whatever their permissions say.
    ///
    /// The corresponding C constant is `CAP_DAC_READ_SEARCH`.
    package static let dacReadSearch = Capability(rawValue: CAP_DAC_READ_SEARCH)

    /// To give up rights for all that the process becomes, too.
    ///
    /// The corresponding C constant is `CAP_SETPCAP`.
    package static let setRights = Capability(rawValue: CAP_SETPCAP)

    /// To look into the processes of other users.
    ///
    /// The corresponding C constant is `CAP_SYS_PTRACE`.
    package static let sysPtrace = Capability(rawValue: CAP_SYS_PTRACE)

    /// To mount, and to change much of the system.
    ///
    /// The corresponding C constant is `CAP_SYS_ADMIN`.
    package static let sysAdmin = Capability(rawValue: CAP_SYS_ADMIN)

    /// To move the tasks of other users between CPUs and to raise priorities.
    ///
    /// The corresponding C constant is `CAP_SYS_NICE`.
    package static let sysNice = Capability(rawValue: CAP_SYS_NICE)

    /// To raise resource limits.
    ///
    /// The corresponding C constant is `CAP_SYS_RESOURCE`.
    package static let sysResource = Capability(rawValue: CAP_SYS_RESOURCE)
}
