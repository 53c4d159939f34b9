// SPDX-License-Identifier: Apache-2.0

// What kubelet makes of a value without quotes: its YAML library goes by YAML 1.1, where `off` is false.

extension ConfigurationValue.Content {
    /// Tells what a scalar without quotes is.
    init(bare text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON": self = .boolean(true)
        case "false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF": self = .boolean(false)
        default: self = text.isBareNumber ? .number(text) : .text(text)
        }
    }
}

extension String {
    /// Whether YAML 1.1 takes it for a number: `0`, `-1`, `1_000`, `0x1F`, `0.5`, `.inf`; but not `0-1` or `500m`.
    fileprivate var isBareNumber: Bool {
        var rest = utf8[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual(".inf".utf8) || elementsEqual(".nan") { return true }
        let digits = rest.filter { $0 != UInt8(ascii: "_") }[...]
        for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] where digits.starts(with: prefix.utf8) {
            return UInt64(String(decoding: digits.dropFirst(2), as: UTF8.self), radix: radix) != nil
        }
        return digits.isDecimal || rest.isFraction
    }
}

extension Collection<UInt8> {
    fileprivate var isDecimal: Bool { !isEmpty && allSatisfy(\.isDigit) }

    /// Digits with a point among or before them, and perhaps a power of ten with its sign behind them.
    fileprivate var isFraction: Bool {
        let mantissa = prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
        let parts = mantissa.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let last = parts.last, last.isDecimal, parts[0].allSatisfy(\.isDigit) else { return false }
        let power = dropFirst(mantissa.count)
        guard let letter = power.first else { return true }
        guard letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E"), let sign = power.dropFirst().first else {
            return false
        }
        return (sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")) && power.dropFirst(2).isDecimal
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
