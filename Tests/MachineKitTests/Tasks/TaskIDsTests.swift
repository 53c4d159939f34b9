// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("Task ids")
struct TaskIDsTests {
    @Test(
        "ids have a short text, and are read back from it",
        arguments: [
            ([], ""), ([1], "1"), ([45, 12, 13, 14, 12], "12-14,45"), ([3, 1, 2], "1-3"), ([1, 3], "1,3"),
            ([.max, .max - 1], "2147483646-2147483647"),
        ] as [([Int32], String)])
    func text(ids: [Int32], text: String) {
        let set = TaskIDs(ids)
        #expect(set.description == text)
        #expect(TaskIDs(parsing: text) == set)
        #expect(Array(set) == Set(ids).sorted())
        #expect(set.count == Set(ids).count && set.isEmpty == ids.isEmpty)
    }

    @Test("a text that is not canonical is understood")
    func canonical() {
        #expect(TaskIDs(parsing: "5,1-3,2-4")?.description == "1-5")
        #expect(TaskIDs(parsing: "1-2147483647,7")?.count == 2_147_483_647)
    }

    @Test(
        "a text that is none is refused",
        arguments: [
            ",", "1,", ",1", "1,,2", "a", "-1", "1-", "2-1", "1-2-3", "+1", " 1", "1\n", "2147483648", "1-99999999999",
        ])
    func refused(text: String) {
        #expect(TaskIDs(parsing: text) == nil)
    }

    @Test("membership and union agree with those of a set of integers")
    func membership() {
        var random = SeededGenerator(state: 5)
        for _ in 0..<100 {
            let one = Set(random.cpus().map(Int32.init)), two = Set(random.cpus().map(Int32.init))
            let (a, b) = (TaskIDs(one), TaskIDs(two))
            #expect(TaskIDs(parsing: a.description) == a && Array(a) == one.sorted())
            #expect(a.union(b) == TaskIDs(one.union(two)))
            for id in two.prefix(200) { #expect(a.contains(id) == one.contains(id)) }
            for id in one.prefix(200) { #expect(a.contains(id)) }
        }
        #expect(![].contains(1) && !TaskIDs([2]).contains(-1))
    }

    @Test("a hundred thousand ids of neighbours take a few characters")
    func many() {
        let ids = TaskIDs((0..<100_000).map { $0 + 300 })
        #expect(ids.description == "300-100299" && ids.count == 100_000)
    }
}
