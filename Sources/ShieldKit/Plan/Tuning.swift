// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// Values of one attribute, each of which the kernel may refuse without harm to the others.
package struct Tuning: Hashable, Sendable {
    package var attribute: NoiseSource
    package var writes: [Write]

    package init(_ attribute: NoiseSource, writes: [Write]) {
        self.attribute = attribute
        self.writes = writes
    }

    package var inverse: Tuning { Tuning(attribute, writes: writes.map(\.inverse)) }
}

// A machine has hundreds of interrupts that all get one value: the journal names them together.

extension Tuning: Codable {
    private enum CodingKeys: String, CodingKey { case attribute, batches }

    /// Files of one kind that hold the same, and are to hold the same.
    private struct Batch: Codable {
        var writes: [Write]

        private enum CodingKeys: String, CodingKey { case kind, of, old, new, why, tree, paths }

        init(_ write: Write) { writes = [write] }

        func takes(_ write: Write) -> Bool {
            writes.first.map {
                $0.file.kind == write.file.kind && $0.old == write.old && $0.new == write.new && $0.why == write.why
            } ?? false
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let why = try container.decode(String.self, forKey: .why)
            writes = try Self.files(in: container).map { file in
                Write(
                    file, old: try container.decodeValue(of: file, forKey: .old),
                    new: try container.decodeValue(of: file, forKey: .new), why: why)
            }
        }

        /// The files, which format 1 has by a tree and paths.
        private static func files(in container: KeyedDecodingContainer<CodingKeys>) throws -> [ControlFile] {
            let files: [ControlFile?]
            if let kind = try container.decodeIfPresent(ControlFile.Kind.self, forKey: .kind) {
                files = try container.decode([String].self, forKey: .of).map { ControlFile(kind, text: $0) }
            } else {
                let tree = try container.decode(Tree.self, forKey: .tree)
                files = try container.decode([String].self, forKey: .paths).map {
                    ControlFile(formatOne: KernelFile(tree, $0))
                }
            }
            return try files.map { file in
                guard let file else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .why, in: container, debugDescription: "no such file")
                }
                return file
            }
        }

        func encode(to encoder: any Encoder) throws {
            guard let first = writes.first else { return }
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(first.file.kind, forKey: .kind)
            try container.encode(writes.map(\.file.subject.text), forKey: .of)
            try container.encode(first.oldText, forKey: .old)
            try container.encode(first.newText, forKey: .new)
            try container.encode(first.why, forKey: .why)
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(NoiseSource.self, forKey: .attribute),
            writes: try container.decode([Batch].self, forKey: .batches).flatMap(\.writes))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(attribute, forKey: .attribute)
        var batches: [Batch] = []
        // Only neighbours are put together, so that the order stays.
        for write in writes {
            if let last = batches.indices.last, batches[last].takes(write) {
                batches[last].writes.append(write)
            } else {
                batches.append(Batch(write))
            }
        }
        try container.encode(batches, forKey: .batches)
    }
}
