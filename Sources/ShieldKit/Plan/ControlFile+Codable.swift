// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit

extension ControlFile.Subject {
    /// The subject in the journal; empty for the machine.
    var text: String {
        switch self {
        case .machine: ""
        case .cgroup(let path): "/" + path
        case .number(let number): "\(number)"
        case .name(let name): name
        }
    }
}

extension ControlFile: Codable {
    private enum CodingKeys: String, CodingKey { case kind, of, tree, path }

    /// Reads `{"kind": "cpus", "of": "/system"}`, and what journals and ledgers of format 1 have: a tree and a path.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let file: ControlFile? =
            if let kind = try container.decodeIfPresent(Kind.self, forKey: .kind) {
                ControlFile(kind, text: try container.decodeIfPresent(String.self, forKey: .of) ?? "")
            } else {
                ControlFile(
                    formatOne: KernelFile(
                        try container.decode(Tree.self, forKey: .tree),
                        try container.decode(String.self, forKey: .path)))
            }
        guard let file else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no such file"))
        }
        self = file
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        if subject != .machine { try container.encode(subject.text, forKey: .of) }
    }

    /// A file of a kind by the text of its subject; nil where the kind has no such subject.
    init?(_ kind: Kind, text: String) {
        if kind.isOfCgroup {
            guard text.hasPrefix("/") else { return nil }
            self.init(kind, of: CgroupPath(text))
        } else if !kind.row.path.contains("*") {
            self.init(kind)
        } else if let number = Int(text) {
            self.init(kind, .number(number))
        } else {
            self.init(kind, .name(text))
        }
    }

    /// The file at a place, as format 1 named it; nil where rtshield never wrote such a file.
    init?(formatOne file: KernelFile) {
        for kind in Kind.allCases where kind.row.tree == file.tree {
            let path = kind.row.path
            if kind.isOfCgroup {
                // A v1 mount with `noprefix` has `cpus` for `cpuset.cpus`.
                guard file.name == path || "cpuset." + file.name == path else { continue }
                self.init(kind, of: CgroupPath(file.path).parent)
                return
            }
            let parts = path.split(separator: "*", omittingEmptySubsequences: false)
            guard let head = parts.first, let tail = parts.dropFirst().first else {
                guard path == file.path else { continue }
                self.init(kind)
                return
            }
            guard file.path.utf8.count > head.utf8.count + tail.utf8.count, file.path.hasPrefix(head),
                file.path.hasSuffix(tail)
            else { continue }
            self.init(kind, text: String(file.path.dropFirst(head.count).dropLast(tail.count)))
            return
        }
        return nil
    }
}
