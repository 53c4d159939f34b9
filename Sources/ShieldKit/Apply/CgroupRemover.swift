// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit

/// Removes groups that rtshield made; what still lives in one goes to its fallback first.
struct CgroupRemover {
    let machine: any Machine
    let host: Host

    /// How often a busy group is tried, 50 ms apart: a task that has just ended is listed no more, and keeps it for a moment.
    private static let patience = 20

    /// Empties and removes a group, unless an engine moved in.
    ///
    /// - Parameters:
    ///   - spec: The group.
    ///   - report: Learns of tasks that went to the fallback, and of what stands in the way.
    /// - Returns: Whether nothing remains to be done.
    func remove(_ spec: CgroupSpec, _ report: inout UndoReport) -> Bool {
        guard machine.exists(spec.path.directory) else { return true }
        let path = machine.path(of: spec.path.directory)
        do throws(FileError) {
            try vacate(spec, &report)
            return true
        } catch  where error.isAbsence {
            return true
        } catch  where error.errno == .busy && report.remaining.contains(where: { $0.isRemoval(within: spec.path) }) {
            return false
        } catch  where error.errno == .busy && spec.isAdoptable {
            report.foreign.append(.init(path, why: "an engine uses it by now"))
            return true
        } catch {
            let held = groups(in: spec)
            let why = held.isEmpty ? error.errno.description : "still holds " + held.joined(separator: ", ")
            report.unfinished.append(.init(path, why: why))
            return false
        }
    }

    private func vacate(_ spec: CgroupSpec, _ report: inout UndoReport) throws(FileError) {
        for attempt in 1... {
            report.evacuated += try evacuate(spec)
            do throws(FileError) {
                return try machine.removeDirectory(spec.path.directory)
            } catch {
                let isPassing = error.errno == .busy && !spec.isAdoptable && groups(in: spec).isEmpty
                guard isPassing, attempt < Self.patience else { throw error }
                machine.pause()
            }
        }
    }

    private func groups(in spec: CgroupSpec) -> [String] {
        ((try? machine.entries(of: spec.path.directory, directoriesOnly: true)) ?? []).sorted()
    }

    /// Moves what is in the group to its fallback, in passes, because parents fork meanwhile.
    private func evacuate(_ spec: CgroupSpec) throws(FileError) -> Int {
        var count = 0
        for _ in 0..<Sweeper.passLimit {
            let ids = machine.taskIDs(in: spec.path, layout: host.layout)
            guard !ids.isEmpty, !spec.isAdoptable else { break }
            let refused = try machine.write(each: ids, to: spec.fallback.file(host.layout.tasksFile))
            count += ids.count - refused.count
            if refused.contains(where: { $0.errno != .noSuchProcess }) { break }
        }
        return count
    }
}

extension Step {
    /// Whether the step removes a group below `path`.
    fileprivate func isRemoval(within path: CgroupPath) -> Bool {
        if case .removeGroup(let spec) = self { spec.path.isWithin(path) } else { false }
    }
}
