// SPDX-License-Identifier: Apache-2.0

import Engines
import JSON
import MachineKit
import Reports

/// One file of a directory of hooks, in the form of oci-hooks(5).
struct HookEntry: Sendable {
    let path: String
    /// Nil when it cannot be read, or is no JSON.
    let document: Node?
    /// Why not, with its place; nil when it can.
    let fault: String?

    /// Nil when it is gone.
    init?(_ path: String, _ files: HostFiles) {
        self.path = path
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try files.bytes(of: path)
        } catch {
            guard !error.isAbsence else { return nil }
            document = nil
            fault = "\(path) cannot be read: \(HostFiles.reason(error))"
            return
        }
        do throws(JSONError) {
            document = try Node(parsing: bytes, limit: HostFiles.largest)
            fault = nil
        } catch {
            document = nil
            fault = "\(path):\(error)"
        }
    }

    /// The program that it runs; nil when it names none.
    var program: String? { document?["hook"]?["path"]?.text }

    /// Whether it runs rtshield's hook.
    var isOurs: Bool { program.map { Programs.isPath($0, to: Programs.hookName) } ?? false }

    /// When it runs.
    var stages: [String] { document?["stages"]?.texts ?? [] }

    /// How many seconds the engine waits for it; nil when for ever.
    var timeout: Int? { document?["hook"]?["timeout"]?.number }
}

extension Node {
    /// A text; nil for anything else.
    var text: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The texts of a list; nil for anything else.
    var texts: [String]? {
        guard case .array(let nodes) = content else { return nil }
        let texts = nodes.compactMap(\.text)
        return texts.count == nodes.count ? texts : nil
    }

    /// A whole number; nil for anything else.
    var number: Int? {
        if case .number(let text) = content { Int(text) } else { nil }
    }

    /// The members of an object; none of anything else.
    var members: [Member] {
        if case .object(let members) = content { members } else { [] }
    }
}
