// SPDX-License-Identifier: Apache-2.0

/// One mount of the caller's mount namespace.
///
/// Only `/proc/self/mountinfo` says which hierarchy holds the cpuset controller: `/proc/cgroups` of kernel 6.12 lists
/// it as enabled even where it cannot be mounted.
package struct Mount: Hashable, Sendable {
    /// The directory of the file system that is mounted; `/` unless it is a bind mount or a cgroup namespace.
    package var root: String
    /// Where it is mounted, as an absolute path.
    package var point: String
    /// The options of this mount alone, such as `ro` and `nosuid`.
    package var mountOptions: [String]
    /// The file system's type: `cgroup` for version 1, `cgroup2` for version 2.
    package var fileSystem: String
    /// What is mounted: a device, or any text.
    package var source: String
    /// The options of the whole file system: on cgroup version 1 its controllers, such as `cpuset`, and `noprefix`.
    package var superOptions: [String]

    /// Creates a mount of a whole file system.
    package init(
        root: String = "/", point: String, mountOptions: [String] = ["rw"], fileSystem: String, source: String,
        superOptions: [String] = ["rw"]
    ) {
        self.root = root
        self.point = point
        self.mountOptions = mountOptions
        self.fileSystem = fileSystem
        self.source = source
        self.superOptions = superOptions
    }

    /// Reads the text of `/proc/PID/mountinfo`, oldest mount first; what is no mount is left out.
    ///
    /// Where two mounts have the same point, the later one hides the earlier one.
    package static func parse(_ mountinfo: String) -> [Mount] {
        mountinfo.split(separator: "\n").compactMap { Mount(line: $0) }
    }

    /// Reads those lines of `/proc/PID/mountinfo` that tell of cgroups; a machine with containers has hundreds of others.
    package static func cgroups(in mountinfo: [UInt8]) -> [Mount] {
        let marks = [" - cgroup", " - cpuset"].map { Array($0.utf8) }
        let lines = mountinfo.split(separator: UInt8(ascii: "\n")).filter { line in
            // The lone hyphen stands far behind: nothing before it may look like it, as blanks are escaped.
            line.indices.contains { index in
                line[index] == UInt8(ascii: "-") && marks.contains { line[(index - 1)...].starts(with: $0) }
            }
        }
        return lines.compactMap { Mount(line: Substring(decoding: $0, as: UTF8.self)) }
    }

    /// Reads `ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG…] - TYPE SOURCE OPTIONS`.
    ///
    /// There may be any number of tags, and new ones may come: only the lone hyphen ends them. An empty source is
    /// printed as nothing between two spaces.
    private init?(line: Substring) {
        // Bytes: characters cost many times as much, and a hook does little else.
        let fields = line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
            Substring($0)
        }
        guard fields.count > 6, let hyphen = fields[6...].firstIndex(of: "-"), fields.count > hyphen + 3 else {
            return nil
        }
        self.init(
            root: Self.unescaped(fields[3]), point: Self.unescaped(fields[4]),
            mountOptions: Self.options(fields[5]), fileSystem: Self.unescaped(fields[hyphen + 1]),
            source: Self.unescaped(fields[hyphen + 2]), superOptions: Self.options(fields[hyphen + 3]))
    }

    private static func options(_ field: Substring) -> [String] {
        field.utf8.split(separator: UInt8(ascii: ",")).map { unescaped(Substring($0)) }
    }

    /// Replaces each backslash with three octal digits by the byte it stands for.
    ///
    /// The kernel escapes space, tab, line feed, backslash and `#` in this way. The C name is `mangle_path`.
    private static func unescaped(_ field: Substring) -> String {
        guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest.removeFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
