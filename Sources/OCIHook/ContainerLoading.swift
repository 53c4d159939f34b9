// SPDX-License-Identifier: Apache-2.0

package import Containers
package import JSON
package import Linux

extension ContainerState {
    /// Understands what a runtime tells a hook on its standard input.
    ///
    /// - Parameter input: What was read there, at most ``largest`` bytes of it.
    /// - Throws: ``StateError`` when it could not be read, or is no state.
    package init(input: Result<[UInt8], Errno>) throws(StateError) {
        let bytes: [UInt8]
        do throws(Errno) { bytes = try input.get() } catch { throw .unreadable(error) }
        do throws(DocumentError) { try self.init(reading: bytes) } catch { throw .invalid(error) }
    }
}

/// Why there is no state on standard input.
package enum StateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It cannot be read.
    case unreadable(Errno)
    /// It is something else.
    case invalid(DocumentError)

    /// One line without a full stop.
    package var description: String {
        switch self {
        case .unreadable(.fileTooLarge):
            "the state on standard input is larger than \(ContainerState.largest >> 20) MiB"
        case .unreadable(let error): "cannot read standard input: \(error)"
        case .invalid(let error): error.description
        }
    }
}

extension Container {
    /// Reads the container of a state; where its bundle has no configuration it is looked for by id.
    ///
    /// crun before 1.27 tells its hooks that the bundle is `/`.
    ///
    /// - Parameters:
    ///   - state: What its runtime tells.
    ///   - root: The directory below which it is looked for.
    /// - Throws: ``ContainerError`` when it has no configuration anywhere, or none that can be understood.
    package init(of state: ContainerState, root: String) throws(ContainerError) {
        do throws(ContainerError) {
            self.init(try ContainerFiles.spec(in: state.bundle), state: state)
        } catch {
            guard error.isAbsence, let place = try? ContainerSearch(root: root).place(of: state.id.text),
                place.id == state.id, let spec = try? ContainerFiles.spec(in: place.bundle)
            else { throw error }
            self.init(spec, state: state)
        }
    }
}
