// SPDX-License-Identifier: Apache-2.0

import Containers
import JSON
import Linux
import MachineKit
import Text

/// Reads the container that a person means by a word.
struct ContainerSource {
    /// The machine on which ids are looked for.
    let sysroot: String

    /// Reads a container by a bundle's path, by `-` or by an id.
    func container(_ word: String) throws(Failure) -> Container {
        if word == "-" { return try container(of: try Self.readState()) }
        let isPath = word.contains("/") || word == "." || word == ".."
        do throws(ContainerError) {
            if isPath { return Container(try ContainerFiles.spec(in: word), bundle: word) }
            let place = try ContainerSearch(root: sysroot).place(of: word)
            return Container(try ContainerFiles.spec(in: place.bundle), id: place.id, bundle: place.bundle)
        } catch {
            throw Failure(error)
        }
    }

    /// Reads the state that a runtime hands a hook.
    static func readState() throws(Failure) -> ContainerState {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try FileDescriptor(owning: 0).readAll(limit: ContainerState.largest)
        } catch .fileTooLarge {
            let limit = ContainerState.largest >> 20
            throw Failure("the state on standard input is larger than \(limit) MiB", status: Exit.refused)
        } catch {
            throw Failure("cannot read standard input: \(error)", status: Exit.refused)
        }
        do throws(DocumentError) {
            return try ContainerState(reading: bytes)
        } catch {
            throw Failure(
                "\(error)", try: "'-' reads the state of a container, as 'runc state ID' prints it",
                status: Exit.refused)
        }
    }

    /// Reads the container of a state; where its bundle has no configuration it is looked for by id.
    ///
    /// crun before 1.27 tells its hooks that the bundle is `/`.
    func container(of state: ContainerState) throws(Failure) -> Container {
        do throws(ContainerError) {
            return Container(try ContainerFiles.spec(in: state.bundle), state: state)
        } catch {
            guard error.isAbsence, let place = try? ContainerSearch(root: sysroot).place(of: state.id.text),
                place.id == state.id, let spec = try? ContainerFiles.spec(in: place.bundle)
            else { throw Failure(error) }
            return Container(spec, state: state)
        }
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
