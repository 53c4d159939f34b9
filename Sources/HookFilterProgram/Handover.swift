// SPDX-License-Identifier: Apache-2.0

import CHookFilter

/// Becomes `rtshield hook`, of the directory that this program is in, with the same bytes on standard input.
func handOver(_ input: Input) -> Never {
    let file = insist(chookfilter_memory_file(), "cannot keep the state")
    insist(write(input.bytes, to: file), "cannot keep the state")
    if !input.isWhole { copyRest(behind: input.bytes.count, to: file) }
    insist(chookfilter_take_as_input(file), "cannot hand over the state")
    let program = neighbour()
    let error = unsafe chookfilter_become(program + [0])
    fail("cannot start ".utf8 + program, error)
}

/// Copies what is left on standard input behind what was read; what cannot be read is missed by who parses it.
private func copyRest(behind read: Int, to file: Int32) {
    var total = read
    var isWhole = false
    while !isWhole {
        let next = bytesOf(file: 0, limit: 64 << 10)
        total += next.bytes.count
        guard total <= Input.largest else { fail(Array("the state on standard input is larger than 16 MiB".utf8)) }
        insist(write(next.bytes, to: file), "cannot keep the state")
        isWhole = next.isWhole || next.bytes.isEmpty
    }
}

private func write(_ bytes: [UInt8], to file: Int32) -> Int32 { unsafe chookfilter_write(file, bytes, bytes.count) }

/// The path of `rtshield` beside this program.
private func neighbour() -> [UInt8] {
    var length = 0
    let own = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        guard let start = buffer.baseAddress else { return }
        length = unsafe chookfilter_own_path(start, buffer.count)
        count = max(length, 0)
    }
    insist(Int32(length), "cannot tell where rtshield is")
    let name = own.lastIndex(of: UInt8(ascii: "/")) ?? 0
    return own[..<name] + Array("/rtshield".utf8)
}
