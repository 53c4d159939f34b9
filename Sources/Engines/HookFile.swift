// SPDX-License-Identifier: Apache-2.0

internal import JSON
import Text

/// The file that has Podman and CRI-O run the hook, in the form of oci-hooks(5), version 1.0.0.
package enum HookFile {
    /// The one directory that both read without being told to.
    ///
    /// `/etc/containers/oci/hooks.d` is in neither's defaults: containers/common has had but this one directory from its
    /// first release on (`DefaultHooksDirs`, pkg/config/default.go), and CRI-O since 1.16
    /// (<https://github.com/cri-o/cri-o/pull/3011>).
    package static let directory = "/usr/share/containers/oci/hooks.d"
    /// The name, which says when the hook runs among others.
    package static let name = "50-rtshield.json"
    /// The whole path.
    package static let path = directory + "/" + name

    /// What the file holds.
    ///
    /// It is for every container: those that may not be on the shield ask for nothing, so no annotation tells them. The
    /// time is above the hook's own deadline, and keeps a container from waiting for ever.
    package static func text(for programs: Programs) -> String {
        """
        {
            "version": "1.0.0",
            "hook": {
                "path": "\(programs.hook)",
                "args": ["\(Programs.hookName)"],
                "timeout": 5
            },
            "when": {
                "always": true
            },
            "stages": ["createRuntime", "poststop"]
        }

        """
    }

    /// Refuses a file of that name that somebody else made: what it runs is not our hook.
    static func check(_ text: String) throws(Problem) {
        let node = try? Node(parsing: Array(text.utf8), limit: 1 << 20)
        if case .string(let path)? = node?["hook"]?["path"]?.content, Programs.isPath(path, to: Programs.hookName) {
            return
        }
        throw Problem(
            "\(path) exists and does not run \(Programs.hookName)", why: "so rtshield did not write it",
            fix: "give it another name, or remove it")
    }
}
