// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The checksum that a state file carries, and what it was made of.
enum StateChecksum: Hashable {
    /// Of the fields around it.
    case fields(UInt64)
    /// Of the text that holds the fields.
    case data(UInt64, String)
}

extension StateChecksum {
    /// Compares the checksum with those of all texts that kubelets may have made of the fields.
    func verdict(amongThoseOf dumps: @autoclosure () -> [SpewText]) -> ChecksumVerdict {
        switch self {
        // The first versions took a file without a checksum for one of still older kubelets.
        case .fields(0): .absent
        case .fields(let stored): ChecksumVerdict(stored, among: dumps().map(\.checksum))
        case .data(let stored, let text): ChecksumVerdict(stored, among: [SpewText("(string)" + text).checksum])
        }
    }
}

/// The fields of a state file, wherever in the file they are.
struct ChecksummedFields {
    let fields: Fields
    let seal: StateChecksum

    init(_ name: String, _ text: [UInt8], limit: Int) throws(DocumentError) {
        let outer = try Fields(Document(name, text, limit: limit))
        let data = try outer.string(outer.spelling(of: "data")) ?? ""
        let dataChecksum: UInt64 = try outer.integer(outer.spelling(of: "dataChecksum")) ?? 0
        // From 1.37 on what counts is a document in a document; the fields around it are for older kubelets.
        guard data.isEmpty else {
            fields = try Fields(Document(name + "/data", Array(data.utf8), limit: limit))
            seal = .data(dataChecksum, data)
            return
        }
        let checksum: UInt64 = try outer.integer(outer.spelling(of: "checksum")) ?? 0
        fields = outer
        seal = dataChecksum == 0 ? .fields(checksum) : .data(dataChecksum, data)
    }
}

/// What the checksum of a state file says of the rest of the file.
package enum ChecksumVerdict: Hashable, Sendable {
    /// The file is as kubelet wrote it.
    case matches
    /// The file has none, which kubelet accepts.
    case absent
    /// The file is not what kubelet wrote, or was written in a way that is not known here; kubelet refuses to start.
    ///
    /// Of the checksums that kubelets of different versions would have written, `computed` is the commonest.
    case differs(stored: UInt64, computed: UInt64)
}

extension ChecksumVerdict {
    /// Compares a checksum with all that kubelets may have written for the same content.
    init(_ stored: UInt64, among computed: [UInt64]) {
        self = computed.contains(stored) ? .matches : .differs(stored: stored, computed: computed.first ?? 0)
    }
}

/// The text that kubelet makes of a value in order to hash it.
///
/// kubelet leaves the text to the Go library spew, format `%#v` with sorted keys: each value has its type in front, except
/// in a map or a list, whose own type tells it.
struct SpewText {
    private(set) var text = ""

    /// Starts with a text.
    init(_ text: String = "") { self.text = text }

    /// What kubelet calls the checksum: the FNV-1a hash of the text.
    var checksum: UInt64 {
        var hash: UInt32 = 2_166_136_261
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return UInt64(hash)
    }

    /// Adds a text.
    mutating func write(_ text: String) { self.text += text }

    /// Adds a map of what has texts for keys.
    mutating func map<Value>(_ values: [String: Value], _ write: (inout SpewText, Value) -> Void) {
        let sorted = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        enclosed(sorted, in: "map[") { dump, member in
            dump.write("\(member.key):")
            write(&dump, member.value)
        }
    }

    /// Adds a list.
    mutating func list<Value>(_ values: [Value], _ write: (inout SpewText, Value) -> Void) {
        enclosed(values, in: "[", write)
    }

    /// Adds values with a blank between them and a bracket at the end.
    mutating func enclosed<Value>(
        _ values: some Sequence<Value>, in bracket: String, _ write: (inout SpewText, Value) -> Void
    ) {
        self.write(bracket)
        var isFirst = true
        for value in values {
            if !isFirst { self.write(" ") }
            isFirst = false
            write(&self, value)
        }
        self.write("]")
    }
}

extension Fields {
    /// How the document spells a key: kubelet reads its own files without regard to case, and some are written otherwise.
    func spelling(of key: String) -> String {
        if node[key] != nil { return key }
        return members.first { $0.key.lowercased() == key.lowercased() }?.key ?? key
    }
}
