// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit

extension Machine {
    /// Whether a group hands the cpuset controller to children that hand it on, or have CPUs of their own.
    ///
    /// The kernel refuses to take it back in the first case (EBUSY), and forgets their CPUs in the second.
    func needsController(below path: CgroupPath, host: Host) -> Bool {
        let names = (try? entries(of: path.directory, directoriesOnly: true)) ?? []
        return names.contains { name in
            let child = Cgroup(reading: path.child(name), layout: host.layout, on: self)
            return child.subtreeControl.contains("cpuset")
                || child.cpus.map { !$0.isEmpty && !$0.isSuperset(of: host.online) } ?? false
        }
    }

    /// Writes an old value back.
    ///
    /// 6.1 and 6.12 take no empty list for a group with tasks (ENOSPC): it then gets what the parent gives, which is the same in effect.
    func putBack(_ write: Write, host: Host) throws(FileError) {
        do throws(FileError) {
            try UnitCPUs(machine: self).write(write.new, to: write.file)
        } catch  where error.errno == .noSpace && write.new == .cpus([]) {
            guard let group = write.file.cgroup else { throw error }
            let parent = Cgroup(reading: group.parent, layout: host.layout, on: self)
            let value = write.file.kind == .mems ? host.topology.allNodes : parent.effective
            try self.write(.cpus(value), to: write.file)
            UnitCPUs(machine: self).keep(write.new, of: write.file)
        }
    }
}
