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
    /// The file system's type: `cgroup` for version 1, `cgroup2` for version 2.
    package var fileSystem: String
    /// What is mounted: a device, or any text.
    package var source: String
    /// The options of the whole file system: on cgroup version 1 its controllers, such as `cpuset`, and `noprefix`.
    package var superOptions: [String]

    /// Creates a mount of a whole file system.
    package init(
        root: String = "/", point: String, fileSystem: String, source: String, superOptions: [String] = ["rw"]
    ) {
        self.root = root
        self.point = point
        self.fileSystem = fileSystem
        self.source = source
        self.superOptions = superOptions
    }

    /// Reads the text of `/proc/PID/mountinfo`, oldest mount first; what is no mount is left out.
    ///
    /// Where two mounts have the same point, the later one hides the earlier one.
    package static func parse(_ mountinfo: String) -> [Mount] {
        Array(mountinfo.utf8).split(separator: UInt8(ascii: "\n")).compactMap { Mount(line: $0) }
    }

    /// Reads those lines of `/proc/PID/mountinfo` that tell of cgroups; a machine with containers has hundreds of others.
    ///
    /// The lone hyphen stands in front of the type: nothing else looks like that, as blanks are escaped.
    package static func cgroups(in mountinfo: [UInt8]) -> [Mount] {
        var mounts: [Mount] = []
        var rest = mountinfo[...]
        while let hyphen = rest.firstIndex(of: UInt8(ascii: "-")) {
            rest = rest[(hyphen + 1)...]
            guard rest.starts(with: " cgroup".utf8) || rest.starts(with: " cpuset".utf8) else { continue }
            let start = mountinfo[..<hyphen].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            if let mount = Mount(line: mountinfo[start..<end]) { mounts.append(mount) }
            rest = mountinfo[end...]
        }
        return mounts
    }

    /// Reads `ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG…] - TYPE SOURCE OPTIONS`.
    ///
    /// There may be any number of tags, and new ones may come: only the lone hyphen ends them. An empty source is
    /// printed as nothing between two spaces.
    private init?(line: ArraySlice<UInt8>) {
        // Bytes: characters cost many times as much, and a hook does little else.
        let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard fields.count > 6, let hyphen = fields[6...].firstIndex(where: { $0.elementsEqual("-".utf8) }),
            fields.count > hyphen + 3
        else { return nil }
        self.init(
            root: Self.unescaped(fields[3]), point: Self.unescaped(fields[4]),
            fileSystem: Self.unescaped(fields[hyphen + 1]), source: Self.unescaped(fields[hyphen + 2]),
            superOptions: fields[hyphen + 3].split(separator: UInt8(ascii: ",")).map(Self.unescaped))
    }

    /// Replaces each backslash with three octal digits by the byte it stands for.
    ///
    /// The kernel escapes space, tab, line feed, backslash and `#` in this way. The C name is `mangle_path`.
    private static func unescaped(_ field: ArraySlice<UInt8>) -> String {
        guard field.contains(UInt8(ascii: "\\")) else { return String(decoding: field, as: UTF8.self) }
        var bytes: [UInt8] = []
        var rest = field
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
