// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import Linux
package import MachineKit

/// Writes values to control files, and tells what became of each: the one way by which plans, undoing, repairs and grants write.
package struct FileApplier {
    /// What became of a value.
    package enum Outcome: Hashable, Sendable {
        /// The file holds it.
        case taken
        /// The kernel refused it.
        case refused(FileError)
        /// The file is not there, or not any more: the cgroup ended, the device was removed.
        case gone
        /// The file holds something else.
        case changed(found: String)
    }

    private let machine: any Machine
    private let nodes: MemoryNodes
    private let units: UnitCPUs

    /// - Parameters:
    ///   - machine: The machine to write to.
    ///   - host: What was observed of it.
    package init(machine: any Machine, host: Host) {
        self.machine = machine
        nodes = host.topology.allNodes
        units = UnitCPUs(machine: machine, kernel: host.kernel)
    }

    /// Writes to a machine of which nothing was observed, and no NUMA nodes.
    package init(machine: any Machine) {
        self.machine = machine
        nodes = []
        units = UnitCPUs(machine: machine)
    }

    /// Writes the new value, and reads the file back.
    ///
    /// A partition that the kernel made invalid is taken: what the kernel says of it is for the caller to read.
    package func apply(_ write: Write) -> Outcome {
        let written = put(write.new, in: write.file)
        guard case .taken(let value) = written else { return written.outcome }
        do throws(FileError) {
            let text = try machine.text(of: machine.location(of: write.file)).trimmingASCIISpace()
            return write.file.holds(value, in: text) ? .taken : .changed(found: String(text))
        } catch {
            return isGone(write.file, error) ? .gone : .refused(error)
        }
    }

    /// Puts back what a file held before, if it still holds what rtshield wrote.
    ///
    /// - Parameters:
    ///   - inverse: What rtshield wrote, and what the file held before.
    ///   - value: What is put back in place of that.
    /// - Returns: ``Outcome/taken`` also where the file holds already what it held before; it is not read back.
    package func undo(_ inverse: Write, putting value: ControlValue? = nil) -> Outcome {
        guard let text = machine.askedText(of: inverse.file) else { return .gone }
        if inverse.file.holds(inverse.new, in: text) {
            // A reload may have cleared it, or a death have come before systemd was told.
            units.keep(inverse.new, of: inverse.file)
            return .taken
        }
        guard inverse.file.holds(inverse.old, in: text) else { return .changed(found: text) }
        let outcome = put(value ?? inverse.new, in: inverse.file).outcome
        if case .refused(let error) = outcome, error.isAbsence { return .gone }
        return outcome
    }

    // MARK: - Writing

    /// What writing came to, before anything is read back.
    private enum Written {
        /// The kernel took this value.
        case taken(ControlValue)
        case refused(FileError)
        case gone

        var outcome: Outcome {
            switch self {
            case .taken: .taken
            case .refused(let error): .refused(error)
            case .gone: .gone
            }
        }
    }

    private func put(_ value: ControlValue, in file: ControlFile) -> Written {
        do throws(FileError) {
            do throws(FileError) {
                try machine.write(value, to: file)
            } catch  where error.errno == .noSpace && value == .cpus([]) {
                return .taken(try fill(file, insteadOf: error))
            }
            units.keep(value, of: file)
            return .taken(value)
        } catch {
            return isGone(file, error) ? .gone : .refused(error)
        }
    }

    /// Whether a file went away with what it is about; a cgroup that is there and has no such file refuses.
    private func isGone(_ file: ControlFile, _ error: FileError) -> Bool {
        guard error.isAbsence else { return false }
        guard case .cgroup(let path) = file.subject else { return true }
        return !machine.exists(KernelFile(file.kind.row.tree, path))
    }

    /// Gives a cgroup all that it can have, which is the same in effect as an empty list.
    ///
    /// 6.1 and 6.12 take no empty list for a cgroup with tasks (ENOSPC). systemd keeps the empty list.
    private func fill(_ file: ControlFile, insteadOf error: FileError) throws(FileError) -> ControlValue {
        guard let group = file.cgroup, let layout = machine.layout else { throw error }
        let value = ControlValue.cpus(file.kind == .mems ? nodes : everyCPU(for: group, layout))
        try machine.write(value, to: file)
        units.keep(.cpus([]), of: file)
        return value
    }

    /// Every CPU, so that the cgroup also has those of a partition that ends later; what the cgroup above gives on cgroup v1, and
    /// where a partition may be beside it, which a list that overlaps turns invalid before 7.0.
    private func everyCPU(for group: CgroupPath, _ layout: CgroupLayout) -> CPUSet {
        let parent = Cgroup(reading: group.parent, layout: layout, on: machine)
        guard layout.version == .v2, !parent.path.isRoot, parent.reserved.isEmpty else { return parent.effective }
        // CPUs that a partition has are missing from the cgroup above it, and not from the one above that.
        let above = Cgroup(reading: parent.path.parent, layout: layout, on: machine)
        guard above.effective == parent.effective,
            let online = machine.textIfPresent(of: KernelFile(.sys, "devices/system/cpu/online"))
        else { return parent.effective }
        return CPUSet(kernelList: online) ?? parent.effective
    }
}
