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
