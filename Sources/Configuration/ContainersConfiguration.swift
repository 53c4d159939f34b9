// SPDX-License-Identifier: Apache-2.0

package import Containers
internal import YAML

/// How containers are started, as an administrator wants it.
package struct ContainersConfiguration: Hashable, Sendable {
    /// The OCI runtime that starts them, an absolute path; nil for the first that is found.
    package var runtime: String?
    /// Whether a seccomp profile is opened for the calls that granted real-time scheduling takes.
    package var opensSeccomp = false
    /// How many seconds the hook may take, its wait for others included.
    package var hookSeconds = 2
    /// What those with CPUs of their own request where their annotations say nothing.
    package var defaults = Requests()
    /// The features without which those that ask for them do not start.
    package var strict = Feature.strict

    /// Makes a configuration.
    package init(runtime: String? = nil, opensSeccomp: Bool = false) {
        self.runtime = runtime
        self.opensSeccomp = opensSeccomp
    }
}

extension ContainersConfiguration {
    /// Reads this section of a configuration file, and no other: what is wrong elsewhere keeps no container from
    /// starting.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong in this section, or with a text that is no YAML.
    package init(reading bytes: [UInt8]) throws(ConfigurationError) {
        let root = try Reader.document(bytes)
        self.init()
        guard case .mapping(let entries) = root?.content, let entry = entries.first(where: { $0.key == "containers" })
        else { return }
        var reader = Reader()
        self = reader.containers(entry.value)
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
    }
}
