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

/// The bytes of a D-Bus message that calls a method, little-endian.
///
/// https://dbus.freedesktop.org/doc/dbus-specification.html, "Marshaling (Wire Format)" and "Message Format".
struct BusCall {
    private(set) var bytes: [UInt8] = []

    /// `SetUnitProperties(unit, runtime: true, [("AllowedCPUs", cpus)])`.
    static func setAllowedCPUs(_ cpus: [UInt8], of unit: String) -> [UInt8] {
        var body = BusCall()
        body.append(string: unit)
        body.append(1)
        body.appendArray(alignment: 8) { properties in
            properties.append(string: "AllowedCPUs")
            properties.append(signature: "ay")
            properties.append(UInt32(cpus.count))
            properties.bytes += cpus
        }
        return message("SetUnitProperties", signature: "sba(sv)", body.bytes)
    }

    private static func message(_ method: String, signature: String, _ body: [UInt8]) -> [UInt8] {
        var message = BusCall()
        // Little-endian, a method call, no flags, version 1.
        message.bytes = [UInt8(ascii: "l"), 1, 0, 1]
        message.append(UInt32(body.count))
        message.append(1)
        message.appendArray(alignment: 8) { fields in
            fields.append(field: 1, "o", "/org/freedesktop/systemd1")
            fields.append(field: 2, "s", "org.freedesktop.systemd1.Manager")
            fields.append(field: 3, "s", method)
            fields.append(field: 6, "s", "org.freedesktop.systemd1")
            fields.pad(to: 8)
            fields.bytes.append(8)
            fields.append(signature: "g")
            fields.append(signature: signature)
        }
        message.pad(to: 8)
        return message.bytes + body
    }

    // MARK: - Parts

    private mutating func pad(to alignment: Int) {
        while !bytes.count.isMultiple(of: alignment) { bytes.append(0) }
    }

    private mutating func append(_ number: UInt32) {
        pad(to: 4)
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
    }

    private mutating func append(string: String) {
        append(UInt32(string.utf8.count))
        bytes += Array(string.utf8) + [0]
    }

    private mutating func append(signature: String) {
        bytes += [UInt8(signature.utf8.count)] + Array(signature.utf8) + [0]
    }

    /// A field of the header: a structure of its number and a variant.
    private mutating func append(field: UInt8, _ type: String, _ value: String) {
        pad(to: 8)
        bytes.append(field)
        append(signature: type)
        append(string: value)
    }

    /// An array, whose length does not count the padding before its first element.
    private mutating func appendArray(alignment: Int, _ elements: (inout BusCall) -> Void) {
        append(0)
        let place = bytes.count - 4
        pad(to: alignment)
        let start = bytes.count
        elements(&self)
        var length = BusCall()
        length.append(UInt32(bytes.count - start))
        bytes.replaceSubrange(place..<place + 4, with: length.bytes)
    }
}

/// What comes back on a connection to a D-Bus server on which one method was called.
struct BusAnswer {
    /// More than any signal of systemd has.
    static let limit = 1 << 20

    /// What came and was not looked at yet.
    var bytes: [UInt8] = []

    /// Whether the server took who we say we are; its line is then gone from the bytes.
    mutating func isWelcome() throws(Errno) -> Bool {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return false }
        guard bytes.starts(with: "OK ".utf8) else { throw .permissionDenied }
        bytes.removeSubrange(...end)
        return true
    }

    /// Whether the method was done or refused; nil while no whole answer came.
    ///
    /// systemd sends its signals to whoever is connected: they are passed over.
    mutating func isDone() throws(Errno) -> Bool? {
        while bytes.count >= 16 {
            // systemd answers in the byte order of the machine, and all that rtshield is built for are little-endian.
            guard bytes[0] == UInt8(ascii: "l") else { throw .notSupported }
            let body = number(at: 4), fields = number(at: 12)
            guard body < Self.limit, fields < Self.limit else { throw .fileTooLarge }
            let length = 16 + (fields + 7) / 8 * 8 + body
            if bytes.count < length { return nil }
            let type = bytes[1]
            bytes.removeSubrange(..<length)
            // A method return or an error.
            if type == 2 || type == 3 { return type == 2 }
        }
        return nil
    }

    private func number(at place: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
}
