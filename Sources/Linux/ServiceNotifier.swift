// SPDX-License-Identifier: Apache-2.0

/// What a service tells the service manager that started it, which is systemd on most machines.
package struct ServiceNotifier: Hashable, Sendable {
    private let address: LocalSocket.Address?

    /// Tells a service manager, or nobody.
    ///
    /// - Parameter socket: The value of the environment variable `NOTIFY_SOCKET`: a path, or an abstract name after
    ///   `@`. Nobody is told when it is nil or empty.
    package init(socket: String?) {
        guard let socket, !socket.isEmpty else {
            address = nil
            return
        }
        address = socket.hasPrefix("@") ? .abstract(String(socket.dropFirst())) : .path(socket)
    }

    /// Tells something; does nothing where there is nobody to tell.
    ///
    /// - Parameter state: Lines of the form `KEY=value`, such as `READY=1`.
    /// - Throws: ``Errno/noSuchFileOrDirectory`` or ``Errno/connectionRefused`` if the service manager does not listen,
    ///   else the reason of the refusal.
    ///
    /// The corresponding C function is `sd_notify`.
    package func notify(_ state: String) throws(Errno) {
        guard let address else { return }
        try LocalSocket.send(datagram: state, to: address)
    }
}
