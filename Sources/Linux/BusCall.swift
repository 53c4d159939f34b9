// SPDX-License-Identifier: Apache-2.0

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
