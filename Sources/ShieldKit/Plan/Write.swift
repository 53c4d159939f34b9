// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit

/// One value for one pseudo-file.
package struct Write: Hashable, Sendable, Codable {
    package var file: KernelFile
    /// What the file holds before.
    package var old: String
    /// What it is to hold.
    package var new: String
    /// Why, in words that follow "because" or stand alone.
    package var why: String

    package init(_ file: KernelFile, old: String, new: String, why: String) {
        self.file = file
        self.old = old
        self.new = new
        self.why = why
    }

    package var inverse: Write { Write(file, old: new, new: old, why: "put back: " + why) }

    /// Whether a file that reads as `text` holds `value`, in the sense of that file.
    ///
    /// Lists are compared as sets, because the kernel prints them canonically; `cgroup.subtree_control` takes `+cpuset` and lists
    /// `cpuset`; a partition that turned invalid is still the partition that was asked for.
    package func matches(_ text: String, _ value: String) -> Bool {
        let text = text.trimmingASCIISpace()
        switch file.name {
        case "cgroup.subtree_control":
            let listed = text.split(separator: " ").contains(value.dropFirst())
            return value.hasPrefix("+") == listed
        case "cpuset.cpus.partition":
            return PartitionState(text)?.kind.rawValue == value
        default:
            switch file.form {
            case .mask:
                if let left = CPUSet(mask: text), let right = CPUSet(mask: value) { return left == right }
            case .choice: return file.form.value(in: text) == value
            case .list, .word: break
            }
            guard let left = CPUSet(kernelList: text), let right = CPUSet(kernelList: value) else {
                return text == value
            }
            return left == right
        }
    }
}
