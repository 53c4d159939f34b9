// SPDX-License-Identifier: Apache-2.0

import MachineKit

// A machine has hundreds of interrupts that all get one value: the journal names them together.

extension Tuning {
    private enum CodingKeys: String, CodingKey { case attribute, batches }

    /// Files of one tree that hold the same, and are to hold the same.
    private struct Batch: Codable {
        var tree: Tree
        var paths: [String]
        var old: String
        var new: String
        var why: String

        init(_ write: Write) {
            tree = write.file.tree
            paths = [write.file.path]
            old = write.old
            new = write.new
            why = write.why
        }

        func takes(_ write: Write) -> Bool {
            write.file.tree == tree && write.old == old && write.new == new && write.why == why
        }

        var writes: [Write] { paths.map { Write(KernelFile(tree, $0), old: old, new: new, why: why) } }
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
                batches[last].paths.append(write.file.path)
            } else {
                batches.append(Batch(write))
            }
        }
        try container.encode(batches, forKey: .batches)
    }
}
