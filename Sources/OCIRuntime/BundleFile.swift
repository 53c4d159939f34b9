// SPDX-License-Identifier: Apache-2.0

internal import Containers
internal import Linux

/// The configuration of a container that is about to start, opened in its directory and never through a symbolic link.
struct BundleFile: ~Copyable {
    /// The bytes of the file.
    let text: [UInt8]
    private let place: RuntimeInvocation.Place
    private let directory: FileDescriptor
    private let status: FileStatus

    /// Reads the file.
    ///
    /// - Throws: ``RuntimeError`` if there is none, if it is a symbolic link, or if it is too large.
    static func read(_ place: RuntimeInvocation.Place) throws(RuntimeError) -> BundleFile {
        do throws(Errno) {
            let directory = try FileDescriptor.openDirectory(place.directory)
            let file = try directory.openRegularFile(beneath: place.name, resolving: .noSymbolicLinks)
            let text = try file.readAll(limit: Spec.largest)
            return BundleFile(text: text, place: place, directory: directory, status: try file.status())
        } catch .tooManySymbolicLinks {
            throw RuntimeError("cannot read \(place.path): it is a symbolic link")
        } catch {
            throw RuntimeError("cannot read \(place.path): \(error)")
        }
    }

    /// Gives the file new contents, which the runtime finds as a whole.
    func rewrite(_ text: [UInt8]) throws(RuntimeError) {
        do throws(Errno) {
            try directory.rewriteFile(place.name, with: text.span, as: status)
        } catch {
            throw RuntimeError("cannot write \(place.path): \(error)")
        }
    }

    /// Whether a file that cannot be used speaks of rtshield, wherever it lies.
    static func speaksOfRequests(_ place: RuntimeInvocation.Place) -> Bool {
        guard let file = try? FileDescriptor.openRegularFile(place.path),
            let text = try? file.readAll(limit: 16 * Spec.largest)
        else { return false }
        return speaksOfRequests(text)
    }

    /// Whether a text has a name in it that begins as the annotations of rtshield do.
    static func speaksOfRequests(_ text: [UInt8]) -> Bool {
        let escaped = AnnotationKey.prefix.flatMap { $0 == "/" ? Array("\\/".utf8) : Array($0.utf8) }
        return text.contains(Array(AnnotationKey.prefix.utf8)) || text.contains(escaped)
    }
}
