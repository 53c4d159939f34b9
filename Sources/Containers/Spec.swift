// SPDX-License-Identifier: Apache-2.0

package import JSON
import MachineKit

/// What rtshield reads of a container's `config.json`, the OCI runtime specification's configuration.
package struct Spec: Hashable, Sendable {
    /// The most bytes that are read of a configuration.
    package static let largest = 16 << 20

    /// The first process; nil in a configuration that starts none.
    package var process: ContainerProcess?
    /// Where the container's group is to be, in the spelling of the runtime's cgroup driver.
    package var cgroupsPath: String?
    /// What the container asks of the CPU controllers.
    package var cpu: CPUResources
    /// Which system calls its processes may make; nil when all.
    package var seccomp: Seccomp?
    /// Names and values that engines and people attached.
    package var annotations: [String: String]
    /// The hooks that are there already, as they are written.
    package var hooks: Node?

    /// Reads a configuration.
    ///
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(reading text: [UInt8]) throws(DocumentError) {
        let fields = try Fields(Document("config.json", text, limit: Self.largest))
        process = try fields.object("process").map { fields throws(DocumentError) in try ContainerProcess(fields) }
        let linux = try fields.object("linux")
        cgroupsPath = try linux?.string("cgroupsPath")
        cpu = try CPUResources(linux?.object("resources")?.object("cpu"))
        seccomp = try linux?.object("seccomp").map { fields throws(DocumentError) in try Seccomp(fields) }
        annotations = try fields.texts("annotations")
        hooks = try fields.object("hooks")?.node
    }
}
