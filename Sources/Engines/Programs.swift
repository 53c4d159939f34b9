// SPDX-License-Identifier: Apache-2.0

package import Text

/// Where the programs are that an engine is told of: all in the directory of `rtshield` itself.
package struct Programs: Hashable, Sendable {
    /// Where they are unless somebody builds them with another prefix.
    package static let usualDirectory = "/usr/local/sbin"
    /// The name of the hook.
    package static let hookName = "rtshield-hook"
    /// The name of the runtime that puts the hook into each container.
    package static let runtimeName = "rtshield-runtime"

    /// The directory, as it is called on the machine that is set up.
    package let directory: String

    /// - Throws: ``Problem`` for a path that not every configuration can hold as it is.
    package init(in directory: String) throws(Problem) {
        let isPlain = directory.unicodeScalars.allSatisfy {
            $0 != "\"" && $0 != "\\" && $0.properties.generalCategory != .control
        }
        guard directory.hasPrefix("/"), isPlain else {
            throw Problem(
                "the programs are in a directory whose name cannot be written to an engine's configuration",
                why: "it is not absolute, or holds quotes, backslashes or control characters",
                fix: "install them in \(Self.usualDirectory)")
        }
        self.directory = directory
    }

    /// The path of the hook.
    var hook: String { directory + "/" + Self.hookName }
    /// The path of the runtime.
    var runtime: String { directory + "/" + Self.runtimeName }

    /// Whether a path that a configuration names is one of ours, wherever it was installed.
    package static func isPath(_ path: String, to name: String) -> Bool {
        path.split(separator: "/").last.map(String.init) == name
    }
}
