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

    @Test("who waits for a lock for a while gets it when it comes free, and gives up when it does not")
    func within() throws {
        let directory = try TemporaryDirectory()
        directory.file("lock", holding: "")
        let second = try directory.descriptor.open(beneath: "lock", for: .reading)
        let clock = ContinuousClock()
        let holder: Thread
        do {
            let first = try directory.descriptor.open(beneath: "lock", for: .reading)
            #expect(try first.lock(exclusive: true, within: .zero))
            let start = clock.now
            #expect(try second.lock(exclusive: true, within: .milliseconds(30)) == false)
            #expect(clock.now - start >= .milliseconds(30))
            #expect(try second.lock(exclusive: false, within: .zero) == false)
            let number = dup(first.number)
            holder = Thread {
                let held = FileDescriptor(owning: number)
                CurrentProcess.pause(for: .milliseconds(50))
                _ = held.number
            }
        }
        let third = try directory.descriptor.open(beneath: "lock", for: .reading)
        #expect(try third.lock(exclusive: true, within: .seconds(30)))
        holder.join()
    }
}
