// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Calls to PID 1 where it is systemd, by the socket that `systemctl` of root uses too.
///
/// A process that may start no program, as a container hook, gets through as well. There is no D-Bus daemon in between, so it
/// works before one runs and without any.
package enum ManagerBus {
    /// Where PID 1 listens; root only.
    package static let socket = "/run/systemd/private"

    /// Sets `AllowedCPUs=` of a unit that runs until it ends or the machine does, in place of any list that it has.
    ///
    /// - Parameters:
    ///   - words: One bit a CPU, the lowest CPU in the lowest bit of the first word; no words for no list.
    ///   - unit: The name of the unit.
    ///   - address: Where PID 1 listens.
    ///   - timeout: How long all of it may take.
    /// - Throws: ``Errno/inputOutput`` when systemd refuses, as for a unit that is gone, ``Errno/timedOut`` when it does not answer in
    ///   time, else the reason why it cannot be asked.
    ///
    /// The corresponding D-Bus method is `SetUnitProperties` of `org.freedesktop.systemd1.Manager`.
    package static func setAllowedCPUs(
        _ words: [UInt64], of unit: String, at address: LocalSocket.Address = .path(socket), timeout: Duration
    ) throws(Errno) {
        let deadline = Deadline(after: timeout)
        let socket = try LocalSocket.open(address, until: deadline)
        var answer = BusAnswer()
        let greeting = "\0AUTH EXTERNAL \(hexadecimal(geteuid()))\r\nBEGIN\r\n"
        try LocalSocket.send(bytes: Array(greeting.utf8), to: socket)
        while try !answer.isWelcome() {
            answer.bytes += try LocalSocket.receive(from: socket, until: deadline)
            if answer.bytes.count > BusAnswer.limit { throw .fileTooLarge }
        }
        try LocalSocket.send(bytes: BusCall.setAllowedCPUs(bytes(of: words), of: unit), to: socket)
        while true {
            if let isDone = try answer.isDone() {
                if !isDone { throw .inputOutput }
                return
            }
            answer.bytes += try LocalSocket.receive(from: socket, until: deadline)
        }
    }

    private static func bytes(of words: [UInt64]) -> [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
    }

    /// The digits of a user's number, each in hexadecimal, as the authentication of D-Bus has it.
    private static func hexadecimal(_ user: UInt32) -> String {
        "\(user)".utf8.map { String($0, radix: 16) }.joined()
    }
}
