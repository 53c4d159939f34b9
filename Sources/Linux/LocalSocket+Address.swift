// SPDX-License-Identifier: Apache-2.0

import Glibc

extension LocalSocket {
    /// Where a socket of this machine is found.
    package enum Address: Hashable, Sendable {
        /// A file.
        case path(String)
        /// A name that no file has, within the network namespace.
        case abstract(String)

        /// The form that the kernel takes, and how many bytes of it count.
        ///
        /// - Throws: ``Errno/invalidArgument`` for an empty name or one that holds a NUL byte, ``Errno/nameTooLong`` for
        ///   one of more than 107 bytes.
        ///
        /// The corresponding C type is `struct sockaddr_un`.
        func encoded() throws(Errno) -> (address: sockaddr_un, size: socklen_t) {
            let name = name
            try refuseEmbeddedNUL(name)
            if name.isEmpty { throw .invalidArgument }
            let bytes = isAbstract ? [0] + Array(name.utf8) : Array(name.utf8) + [0]
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            if bytes.count > MemoryLayout.size(ofValue: address.sun_path) { throw .nameTooLong }
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in unsafe path.copyBytes(from: bytes) }
            return (address, socklen_t(MemoryLayout<sa_family_t>.size + bytes.count))
        }

        private var name: String {
            switch self {
            case .path(let name), .abstract(let name): name
            }
        }

        private var isAbstract: Bool {
            if case .abstract = self { true } else { false }
        }
    }
}
