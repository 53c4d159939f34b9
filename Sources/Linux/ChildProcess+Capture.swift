// SPDX-License-Identifier: Apache-2.0

import Glibc

extension ChildProcess {
    /// Reads two streams to their ends, whichever has something first; both are closed afterwards, even on an error.
    ///
    /// The corresponding C functions are `poll` and `read`.
    static func capture(
        _ output: consuming FileDescriptor, _ errors: consuming FileDescriptor, limit: Int
    ) -> Result<(Capture, Capture), Errno> {
        let numbers = [output.number, errors.number]
        let captures = Result { () throws(Errno) in try drain(numbers, limit: limit) }
        return captures.map { ($0[0], $0[1]) }
    }

    private static func drain(_ numbers: [Int32], limit: Int) throws(Errno) -> [Capture] {
        var captures = numbers.map { _ in Capture() }
        var streams = numbers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while streams.contains(where: { $0.fd >= 0 }) {
            _ = try call { unsafe libc(poll(&streams, nfds_t(streams.count), -1)) }
            for index in streams.indices where streams[index].revents != 0 {
                let count = try call { unsafe libc(read(streams[index].fd, &chunk, chunk.count)) }
                // A negative number makes poll(2) pass over the stream from here on.
                if count == 0 { streams[index].fd = -1 }
                captures[index].append(chunk[..<count], limit: limit)
            }
        }
        return captures
    }
}

extension ChildProcess.Capture {
    fileprivate mutating func append(_ chunk: ArraySlice<UInt8>, limit: Int) {
        let room = limit - bytes.count
        bytes.append(contentsOf: chunk.prefix(room))
        if chunk.count > room { isTruncated = true }
    }
}
