// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux
import Testing

@Suite("Locks")
struct LockTests {
    @Test("an exclusive lock keeps everybody else out until its descriptor ends")
    func exclusive() throws {
        let directory = try TemporaryDirectory()
        directory.file("lock", holding: "")
        let second = try directory.descriptor.open(beneath: "lock", for: .reading)
        do {
            let first = try directory.descriptor.open(beneath: "lock", for: .reading)
            #expect(try first.lock(exclusive: true, wait: false))
            #expect(try second.lock(exclusive: true, wait: false) == false)
            #expect(try second.lock(exclusive: false, wait: false) == false)
        }
        #expect(try second.lock(exclusive: true, wait: true))
    }

    @Test("shared locks get along, and keep an exclusive one out")
    func shared() throws {
        let directory = try TemporaryDirectory()
        directory.file("lock", holding: "")
        let first = try directory.descriptor.open(beneath: "lock", for: .reading)
        let second = try directory.descriptor.open(beneath: "lock", for: .reading)
        #expect(try first.lock(exclusive: false, wait: false))
        #expect(try second.lock(exclusive: false, wait: false))
        #expect(try second.lock(exclusive: true, wait: false) == false)
    }
}
