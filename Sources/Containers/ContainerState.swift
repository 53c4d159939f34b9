// SPDX-License-Identifier: Apache-2.0

package import JSON
import MachineKit

/// What a runtime tells a hook on its standard input: the state of a container, as the OCI runtime specification has it.
package struct ContainerState: Hashable, Sendable {
    /// The most bytes that are read of a state.
    package static let largest = 1 << 20

    /// The version of the specification that the runtime follows.
    package var ociVersion: String
    /// The container.
    package var id: ContainerID
    /// Such as `creating`, `created` (crun) or `stopped`; not checked, since a hook is told by its stage.
    package var status: String
    /// The first process; nil once it is gone.
    package var pid: Int32?
    /// The directory of the bundle; crun before 1.27 says `/`.
    package var bundle: String
    /// The annotations of the container's configuration.
    package var annotations: [String: String]

    /// Reads a state.
    ///
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(reading text: [UInt8]) throws(DocumentError) {
        let fields = try Fields(Document("state", text, limit: Self.largest))
        ociVersion = try fields.required("ociVersion")
        let id = try fields.required("id")
        guard let id = ContainerID(id) else {
            throw fields.error("an id has letters, digits and '_+-.', at most \(ContainerID.longest)", at: "id")
        }
        self.id = id
        status = try fields.required("status")
        let pid = try fields.integer("pid", as: Int32.self) ?? 0
        guard pid >= 0 else { throw fields.error("\(pid) is no process", at: "pid") }
        self.pid = pid == 0 ? nil : pid
        bundle = try fields.required("bundle")
        guard bundle.hasPrefix("/"), !bundle.utf8.contains(0) else {
            throw fields.error("an absolute path is wanted", at: "bundle")
        }
        annotations = try fields.texts("annotations")
    }
}

/// The name by which a runtime knows a container; safe to use as the name of a directory.
package struct ContainerID: Hashable, Sendable, CustomStringConvertible {
    /// The most bytes that an id has here; engines use 64.
    package static let longest = 255

    /// The name.
    package let text: String

    /// Takes a name that is one: what runc accepts, letters, digits and `_+-.`, and no `.` or `..`.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.longest, text != ".", text != "..",
            text.utf8.allSatisfy(Self.allows)
        else { return nil }
        self.text = text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_+-.".utf8.contains(byte)
        }
    }

    /// The name itself.
    package var description: String { text }
}
