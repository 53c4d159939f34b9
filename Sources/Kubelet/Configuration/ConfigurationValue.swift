// SPDX-License-Identifier: Apache-2.0

internal import JSON
import MachineKit
internal import YAML

/// A value of a configuration as kubelet takes it, and where it is written.
struct ConfigurationValue {
    enum Content {
        case null
        case boolean(Bool)
        case number(String)
        case text(String)
        case list([ConfigurationValue])
        case mapping([String: ConfigurationValue])
    }

    var content: Content
    let path: String
    let mark: Mark

    var origin: Origin { .file(path, line: mark.line) }

    func error(_ message: String) -> DocumentError {
        DocumentError(document: path, line: mark.line, column: mark.column, message: message)
    }

    /// An error that asks for a value of another kind.
    func wrongKind(_ wanted: String, of subject: String) -> DocumentError {
        let advice = isBare ? "; put it in quotes" : ""
        return error("\(subject): \(wanted) is wanted, and this is \(kind)" + (wanted == "a text" ? advice : ""))
    }

    private var isBare: Bool {
        switch content {
        case .boolean, .number: true
        case .null, .text, .list, .mapping: false
        }
    }

    private var kind: String {
        switch content {
        case .null: "empty"
        case .boolean: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

// MARK: - Reading

extension ConfigurationValue {
    /// Reads a file in YAML, of which JSON is a part.
    ///
    /// Anchors, aliases and tags are not read, though kubelet would: nobody needs them there, and a few lines of them make
    /// a tree that fills the memory.
    init(reading file: KubeletConfigurationFile) throws(DocumentError) {
        let root: YAML.Node?
        do throws(YAMLError) {
            root = try YAML.Node(parsing: file.text)
        } catch {
            throw DocumentError(
                document: file.path, line: error.line, column: error.column,
                message: error.hint.isEmpty ? error.message : "\(error.message); \(error.hint)")
        }
        guard let root else {
            throw DocumentError(document: file.path, line: 1, column: 1, message: "the file is empty")
        }
        self.init(root, path: file.path)
    }

    private init(_ node: YAML.Node, path: String) {
        switch node.content {
        case .scalar(let text): content = node.isQuoted ? .text(text) : Content(bare: text)
        case .sequence(let items): content = .list(items.map { ConfigurationValue($0, path: path) })
        case .mapping(let entries):
            let values = entries.map { ($0.key, ConfigurationValue($0.value, path: path)) }
            content = .mapping(Dictionary(values) { first, _ in first })
        }
        self.path = path
        mark = node.mark
    }
}

// MARK: - Merging

extension ConfigurationValue {
    /// Lays another value over this one as kubelet does with its drop-in files: mappings are merged, an empty value takes
    /// its key away, and all else takes the place of what was there (RFC 7396).
    func merging(_ patch: ConfigurationValue) -> ConfigurationValue {
        guard case .mapping(let changes) = patch.content else { return patch }
        var (result, values): (ConfigurationValue, [String: ConfigurationValue]) = (patch, [:])
        if case .mapping(let old) = content { (result, values) = (self, old) }
        for (key, change) in changes {
            if case .null = change.content {
                values[key] = nil
            } else {
                let nothing = ConfigurationValue(content: .null, path: change.path, mark: change.mark)
                values[key] = (values[key] ?? nothing).merging(change)
            }
        }
        result.content = .mapping(values)
        return result
    }
}

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
