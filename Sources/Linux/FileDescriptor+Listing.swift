// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

extension FileDescriptor {
    /// Lists this directory, without `.` and `..`, in the order of the kernel.
    ///
    /// Starts from the beginning each time; two threads must not list through one descriptor.
    ///
    /// The corresponding C function is `getdents64`.
    package func entries() throws(Errno) -> [DirectoryEntry] {
        try seek(to: 0)
        var entries: [DirectoryEntry] = []
        var records = [UInt8](repeating: 0, count: 32 << 10)
        while true {
            let count = try call {
                unsafe records.withUnsafeMutableBytes { buffer in
                    // An array of more than no elements has an address.
                    guard let address = buffer.baseAddress else { return -Int(EINVAL) }
                    return unsafe clinux_getdents64(number, address, buffer.count)
                }
            }
            if count == 0 { return entries }
            append(records, length: count, to: &entries)
        }
    }
}

/// Takes apart what `getdents64(2)` wrote: 8 bytes of inode, 8 of offset, 2 of length, 1 of type, the name up to a NUL.
private func append(_ records: [UInt8], length end: Int, to entries: inout [DirectoryEntry]) {
    var start = 0
    while start + 19 < end {
        let length = unsafe records.withUnsafeBytes { bytes in
            Int(unsafe bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
        }
        let name = records[(start + 19)..<(start + length)].prefix { $0 != 0 }
        if !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8) {
            let name = String(decoding: name, as: UTF8.self)
            entries.append(DirectoryEntry(name: name, kind: kind(of: records[start + 18])))
        }
        start += length
    }
}

private func kind(of type: UInt8) -> DirectoryEntry.Kind {
    switch Int(type) {
    case Int(DT_DIR): .directory
    case Int(DT_REG): .file
    case Int(DT_LNK): .link
    default: .other
    }
}
