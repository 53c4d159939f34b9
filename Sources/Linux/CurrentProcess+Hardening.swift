// SPDX-License-Identifier: Apache-2.0

import CLinux

extension CurrentProcess {
    /// Takes from this process, and from all that it starts or becomes, every way to gain rights by starting a program.
    ///
    /// The corresponding C function is `prctl` with `PR_SET_NO_NEW_PRIVS`.
    package static func forbidNewPrivileges() throws(Errno) {
        _ = try call { clinux_forbid_new_privileges() }
    }

    /// Has this process leave no memory image when it dies, and lets no process of the same user look into it.
    ///
    /// Also gives its files below `/proc` to root.
    ///
    /// The corresponding C function is `prctl` with `PR_SET_DUMPABLE`.
    package static func forbidDumps() throws(Errno) {
        _ = try call { clinux_forbid_dumps() }
    }
}
