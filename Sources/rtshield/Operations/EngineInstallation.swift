// SPDX-License-Identifier: Apache-2.0

import Engines
import Text

extension EngineFiles {
    /// Changes the files of an engine, one after the other.
    ///
    /// - Throws: Why a file was not changed; the details name those that were.
    func perform(_ setup: Setup) throws(Problem) {
        var done: [String] = []
        for change in setup.changes {
            do throws(Problem) {
                try perform(change)
            } catch {
                var problem = error
                problem.details = done
                throw problem
            }
            done.append("\(location(of: change.path)) was \(change.deed)")
        }
    }
}

extension FileChange {
    /// What is done to the file, in one word.
    var deed: String {
        if new == nil { return "removed" }
        return old == nil ? "created" : "changed"
    }
}
