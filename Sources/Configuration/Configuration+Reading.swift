// SPDX-License-Identifier: Apache-2.0

internal import Containers
import ShieldKit
internal import YAML

extension Configuration {
    /// Reads the text of a configuration file.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    package init(reading text: String) throws(ConfigurationError) {
        try self.init(reading: Array(text.utf8))
    }

    /// Reads the bytes of a configuration file; those that are no UTF-8 are an error with its place.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    package init(reading bytes: [UInt8]) throws(ConfigurationError) {
        let root = try Reader.document(bytes)
        var reader = Reader()
        // A file of comments is one in which everything is missing.
        self = reader.configuration(root ?? Node(.mapping([]), at: .start))
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
    }
}

extension Reader {
    /// Reads YAML; nil for a text without any value.
    static func document(_ bytes: [UInt8]) throws(ConfigurationError) -> Node? {
        do throws(YAMLError) {
            return try Node(parsing: bytes)
        } catch {
            throw ConfigurationError([ConfigurationProblem(error.message, at: error.mark, hint: error.hint)])
        }
    }

    private static let sections = ["shield", "realtime", "containers"]

    fileprivate mutating func configuration(_ root: Node) -> Configuration {
        var configuration = Configuration()
        guard let section = section(root, "the configuration", keys: Reader.sections) else {
            return configuration
        }
        if let node = section["shield"] {
            configuration.shield = shield(node, key: section.mark(of: "shield"))
        } else if !section.hasUnknownKeys, section.first(of: Reader.sections) == nil {
            // A machine may shield nothing, and still say what containers may have.
            report("there is no 'shield'", at: root.mark, hint: "add 'shield:' and below it, indented, 'cpus: 2-5'")
        }
        if let node = section["realtime"] { configuration.realtime = realtime(node) }
        if let node = section["containers"] {
            configuration.containers = containers(node)
            refuseDenials(configuration, at: section.mark(of: "containers"))
        }
        return configuration
    }

    /// Refuses what would keep every container with CPUs of its own from starting.
    private mutating func refuseDenials(_ configuration: Configuration, at mark: Mark) {
        let limits = configuration.realtime
        guard let request = configuration.containers.defaults.realtime, limits.above == .deny,
            request.priority > limits.maxPriority
        else { return }
        report(
            "rt-priority: \(request.priority) is above realtime.max-priority, \(limits.maxPriority): no container with CPUs of "
                + "its own would start", at: mark, hint: "raise realtime.max-priority")
    }
}
