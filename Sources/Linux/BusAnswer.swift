// SPDX-License-Identifier: Apache-2.0

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
