// SPDX-License-Identifier: Apache-2.0

package import JSON
internal import Linux
package import MachineKit

/// Reads the files that describe a container, each opened beneath its directory and never through a symbolic link.
package enum ContainerFiles {
    /// The name of a container's configuration in its bundle.
    package static let configurationName = "config.json"

    /// Reads the configuration in a bundle.
    ///
    /// - Throws: ``ContainerError`` if there is none, if it is a symbolic link, or if it cannot be understood.
    package static func spec(in bundle: String) throws(ContainerError) -> Spec {
        let bytes = try bytes(configurationName, in: bundle, limit: Spec.largest)
        do throws(DocumentError) {
            return try Spec(reading: bytes)
        } catch {
            throw .document(error, path: bundle)
        }
    }

    /// Reads what kubelet gave out; nil when its directory or the file is not there.
    ///
    /// - Throws: ``ContainerError`` if the file is there and cannot be read or understood.
    package static func kubeletCPUs(in directory: String) throws(ContainerError) -> KubeletCPUs? {
        let bytes: [UInt8]
        do throws(ContainerError) {
            bytes = try self.bytes(KubeletCPUs.fileName, in: directory, limit: KubeletCPUs.largest)
        } catch  where error.isAbsence {
            return nil
        }
        do throws(DocumentError) {
            return try KubeletCPUs(reading: bytes)
        } catch {
            throw .document(error, path: directory)
        }
    }

    private static func bytes(_ name: String, in path: String, limit: Int) throws(ContainerError) -> [UInt8] {
        let directory: FileDescriptor
        do throws(Errno) {
            directory = try .openDirectory(path)
        } catch {
            throw .file(FileError(.open, path, error))
        }
        do throws(Errno) {
            return try directory.openRegularFile(beneath: name, resolving: .noSymbolicLinks).readAll(limit: limit)
        } catch {
            throw .file(FileError(.read, "\(path)/\(name)", error))
        }
    }
}

/// Why a container cannot be looked at.
package enum ContainerError: Error, Hashable, Sendable {
    /// A file cannot be read.
    case file(FileError)
    /// A file cannot be understood; `path` is its directory.
    case document(DocumentError, path: String)
    /// No runtime has a container of this name.
    case unknown(String)
    /// Several containers have names that begin like this; some of them.
    case ambiguous(String, [String])

    /// Whether what was looked for is not there.
    package var isAbsence: Bool {
        if case .file(let error) = self { error.isAbsence || error.errno == .notDirectory } else { false }
    }
}

extension ContainerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error) where error.errno == .tooManySymbolicLinks:
            "cannot read \(error.path): it is a symbolic link, or a path through one"
        case .file(let error): error.description
        case .document(let error, let path): "\(path)/\(error)"
        case .unknown(let name): "no container '\(name)' is known to runc, crun, Podman, containerd, Docker or CRI-O"
        case .ambiguous(let name, let ids):
            "'\(name)' begins the names of several containers: \(ids.joined(separator: ", "))"
        }
    }
}
