// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("CPU set")
struct CPUSetTests {
    @Test(
        "the CPUs at the edges of words are members like all others",
        arguments: [0, 1, 31, 32, 63, 64, 1023, 1024, 65_535])
    func edges(cpu: Int) {
        var set: CPUSet = [cpu]
        #expect(set.contains(cpu))
        #expect(!set.contains(cpu - 1) && !set.contains(cpu + 1))
        #expect(set.first == cpu && set.last == cpu && set.count == 1)
        #expect(Array(set) == [cpu])
        #expect(set.description == "\(cpu)")
        #expect(set.words.count == cpu / 64 + 1)
        set.remove(cpu)
        #expect(set.isEmpty && set == [] && set.words.isEmpty)
    }

    @Test("an empty set has no first and no last CPU")
    func empty() {
        let set = CPUSet()
        #expect(set.isEmpty && set.count == 0 && set.first == nil && set.last == nil)
        #expect(Array(set) == [] && set.ranges == [] && set.description == "" && set.mask == "00000000")
        #expect(!set.contains(0) && !set.contains(-1) && !set.contains(.max) && !set.contains(.min))
    }

    @Test("sets with the same CPUs are equal and hash alike, however they came to be")
    func equality() {
        var shrunk: CPUSet = [3, 65_535]
        shrunk.remove(65_535)
        let same: [CPUSet] = [[3], shrunk, CPUSet(words: [8, 0, 0]), CPUSet(3...3), CPUSet([3, 3]), CPUSet(3..<4)]
        #expect(Set(same).count == 1)
        #expect(CPUSet(words: [0, 0]) == [])
    }

    @Test("words are those of an affinity mask")
    func words() {
        #expect(CPUSet(words: [0x3c, 1]) == [2, 3, 4, 5, 64])
        #expect(CPUSet([2, 3, 4, 5, 64]).words == [0x3c, 1])
        #expect(CPUSet(0...65_535).words == Array(repeating: .max, count: 1_024))
    }

    @Test("removing a CPU that is no member changes nothing")
    func removeStranger() {
        var set: CPUSet = [2]
        for cpu in [-1, 0, 3, 64, 1 << 40] { set.remove(cpu) }
        #expect(set == [2])
    }

    @Test("ranges are the longest runs, also over the edges of words")
    func ranges() {
        #expect(CPUSet(60...130).ranges == [60...130])
        #expect(CPUSet([0, 63, 64, 65, 127, 129]).ranges == [0...0, 63...65, 127...127, 129...129])
        #expect(CPUSet(0...65_535).ranges == [0...65_535])
        #expect(CPUSet(words: [0, 0, .max, 0, 1]).ranges == [128...191, 256...256])
    }

    @Test("arithmetic agrees with that of a set of integers")
    func arithmetic() {
        var random = SeededGenerator(state: 1)
        for _ in 0..<300 {
            let (one, two) = (random.cpus(), random.cpus())
            let (a, b) = (CPUSet(one), CPUSet(two))
            #expect(a.union(b) == CPUSet(one.union(two)))
            #expect(a.intersection(b) == CPUSet(one.intersection(two)))
            #expect(a.subtracting(b) == CPUSet(one.subtracting(two)))
            #expect(a.isSubset(of: b) == one.isSubset(of: two) && a.isSuperset(of: b) == one.isSuperset(of: two))
            #expect(a.isDisjoint(with: b) == one.isDisjoint(with: two))
            #expect(a.union(b).isSuperset(of: a) && a.intersection(b).isSubset(of: a))
            #expect(Array(a) == one.sorted() && a.count == one.count)
            #expect(a.first == one.min() && a.last == one.max())
        }
    }

    @Test("removing every second CPU leaves the others")
    func removal() {
        var random = SeededGenerator(state: 2)
        for _ in 0..<50 {
            var expected = random.cpus()
            var set = CPUSet(expected)
            for cpu in expected.sorted() where cpu.isMultiple(of: 2) {
                expected.remove(cpu)
                set.remove(cpu)
            }
            #expect(set == CPUSet(expected))
        }
    }

    @Test("a number that no CPU can have stops the program", arguments: [-1, 65_536])
    func outOfRange(cpu: Int) async {
        await #expect(processExitsWith: .failure) { [cpu] in
            var set = CPUSet()
            set.insert(cpu)
        }
    }
}
