// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("Mount")
struct MountTests {
    @Test("a version 2 host has one cgroup2 mount")
    func unified() {
        let mounts = Mount.parse(
            """
            21 27 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
            22 27 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw
            27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard,errors=remount-ro
            29 21 0:25 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot

            """)
        #expect(mounts.count == 4)
        #expect(
            mounts.filter { $0.fileSystem == "cgroup2" } == [
                Mount(
                    point: "/sys/fs/cgroup", fileSystem: "cgroup2", source: "cgroup2",
                    superOptions: ["rw", "nsdelegate", "memory_recursiveprot"])
            ])
        #expect(mounts[2].source == "/dev/vda1")
    }

    @Test("a version 1 host says in the options which controllers a hierarchy has")
    func version1() throws {
        let mounts = Mount.parse(
            """
            31 21 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,size=4096k,nr_inodes=1024,mode=755
            32 31 0:29 / /sys/fs/cgroup/systemd rw,nosuid,nodev,noexec,relatime shared:10 - cgroup cgroup rw,xattr,name=systemd
            40 31 0:37 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev,noexec,relatime shared:18 - cgroup cgroup rw,cpu,cpuacct
            41 31 0:38 / /sys/fs/cgroup/cpuset rw,nosuid,nodev,noexec,relatime shared:19 - cgroup cgroup rw,cpuset
            42 27 0:38 /docker/c1 /mnt/old\\040set rw,relatime master:19 propagate_from:2 unbindable - cgroup none rw,cpuset,noprefix,clone_children
            """)
        let cpuset = mounts.filter { $0.superOptions.contains("cpuset") }
        #expect(cpuset.map(\.point) == ["/sys/fs/cgroup/cpuset", "/mnt/old set"])
        #expect(cpuset.map(\.root) == ["/", "/docker/c1"])
        #expect(cpuset.map { $0.superOptions.contains("noprefix") } == [false, true])
    }

    @Test("a hybrid host has both kinds")
    func hybrid() {
        let mounts = Mount.parse(
            """
            30 23 0:26 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,size=4096k,nr_inodes=1024,mode=755
            31 30 0:27 / /sys/fs/cgroup/unified rw,nosuid,nodev,noexec,relatime shared:10 - cgroup2 cgroup2 rw,nsdelegate
            36 30 0:32 / /sys/fs/cgroup/cpuset rw,nosuid,nodev,noexec,relatime shared:16 - cgroup cgroup rw,cpuset
            """)
        #expect(mounts.map(\.fileSystem) == ["tmpfs", "cgroup2", "cgroup"])
    }

    @Test(
        "octal escapes are decoded in every path",
        arguments: [
            (#"/a\040b"#, "/a b"), (#"/a\011b\012c"#, "/a\tb\nc"), (#"/a\134040"#, #"/a\040"#), (#"/a\043b"#, "/a#b"),
            (#"/\303\251"#, "/é"), (#"/a\"#, #"/a\"#), (#"/a\04"#, #"/a\04"#), (#"/a\999"#, #"/a\999"#),
            (#"/a\777"#, #"/a\777"#),
        ])
    func escapes(escaped: String, path: String) {
        let mounts = Mount.parse(
            "42 27 0:38 \(escaped) \(escaped) rw,upperdir=\(escaped) - overlay \(escaped) rw,lowerdir=\(escaped)\n")
        #expect(mounts.first?.point == path && mounts.first?.root == path && mounts.first?.source == path)
        #expect(mounts.first?.superOptions == ["rw", "lowerdir=\(path)"])
    }

    @Test("a lone hyphen in a path is no end of the tags, and an empty source is one")
    func oddLines() {
        #expect(Mount.parse("1 2 0:3 - - rw - tmpfs - rw").first?.point == "-")
        #expect(Mount.parse("1 2 0:3 / /x rw shared:1 master:2 - tmpfs  rw").first?.source == "")
    }

    @Test(
        "lines that are no mounts are left out",
        arguments: [
            "", "\n\n", "hello", "1 2 0:3 / /x rw", "1 2 0:3 / /x rw -", "1 2 0:3 / /x rw - tmpfs tmpfs",
            "1 2 0:3 / /x rw shared:1 tmpfs tmpfs rw",
        ])
    func noMounts(text: String) {
        #expect(Mount.parse(text) == [])
    }

    @Test("among hundreds of mounts those of cgroups are found, whatever the others are called")
    func cgroups() {
        let others = (0..<300).map { "\($0) 1 0:5 / /var/x-\($0)\\040-\\040cgroup rw shared:1 - overlay - rw,a=b\n" }
        let wanted =
            "25 30 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n26 30 0:23 / /dev/cpuset rw - cpuset none rw\n"
        let text = others.joined() + wanted + others.joined()
        #expect(Mount.cgroups(in: Array(text.utf8)) == Mount.parse(wanted))
    }
}
