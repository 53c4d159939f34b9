// SPDX-License-Identifier: Apache-2.0

import Containers
import Linux
import MachineKit
import OCIHook
import Text

/// Reads the container that a person means by a word.
struct ContainerSource {
    /// The machine on which ids are looked for.
    let sysroot: String

    /// Reads a container by a bundle's path, by `-` or by an id.
    func container(_ word: String) throws(Failure) -> Container {
        if word == "-" { return try told() }
        let isPath = word.contains("/") || word == "." || word == ".."
        do throws(ContainerError) {
            if isPath { return Container(try ContainerFiles.spec(in: word), bundle: word) }
            let place = try ContainerSearch(root: sysroot).place(of: word)
            return Container(try ContainerFiles.spec(in: place.bundle), id: place.id, bundle: place.bundle)
        } catch {
            throw Failure(error)
        }
    }

    /// Reads what a runtime tells a hook.
    static func standardInput() -> Result<[UInt8], Errno> {
        Result { () throws(Errno) in try FileDescriptor(owning: 0).readAll(limit: ContainerState.largest) }
    }

    private func told() throws(Failure) -> Container {
        let state: ContainerState
        do throws(StateError) {
            state = try ContainerState(input: Self.standardInput())
        } catch {
            throw Failure(
                "\(error)", try: "'-' reads the state of a container, as 'runc state ID' prints it",
                status: Exit.refused)
        }
        do throws(ContainerError) { return try Container(of: state, root: sysroot) } catch { throw Failure(error) }
    }
}

extension Failure {
    fileprivate init(_ error: ContainerError) {
        let advice: String? =
            switch error {
            case .unknown: "give its bundle as a path with a slash, such as ./bundle"
            case .ambiguous: "give more of its id"
            case .file(let error) where error.isAbsence: "a bundle is a directory with a config.json"
            case .file, .document: nil
            }
        self.init("\(error)".safeToPrint, try: advice, status: Exit.refused)
    }
}
