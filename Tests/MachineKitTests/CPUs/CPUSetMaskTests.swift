// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("CPU mask")
struct CPUSetMaskTests {
    @Test(
        "a mask is read, and written without groups that are not needed",
        arguments: [
            ("0", "", "00000000"),
            ("00000000,00000000", "", "00000000"),
            ("3c", "2-5", "0000003c"),
            ("0000013c\n", "2-5,8", "0000013c"),
            ("0000,00003003", "0-1,12-13", "00003003"),
            ("ffff,ffffffff", "0-47", "0000ffff,ffffffff"),
            ("FFFF,FFFFFFFF", "0-47", "0000ffff,ffffffff"),
            ("ffffff", "0-23", "00ffffff"),
            ("ff,ffffffff\n", "0-39", "000000ff,ffffffff"),
            ("1,00000000,00000000", "64", "00000001,00000000,00000000"),
            ("80000000,00000000", "63", "80000000,00000000"),
            ("1,0", "32", "00000001,00000000"),
        ])
    func table(text: String, list: String, mask: String) {
        let set = CPUSet(mask: text)
        #expect(set?.description == list)
        #expect(set?.mask == mask)
    }

    @Test(
        "CPUs are taken out of a mask, and the rest of the machine is its complement",
        arguments: [
            ("0000,00003003", "0", 48, "00003002", "0000ffff,ffffcffd"),
            ("ffff,ffffffff", "4-13", 48, "0000ffff,ffffc00f", "00003ff0"),
            ("ffffff", "2-3", 24, "00fffff3", "0000000c"),
        ])
    func cleared(text: String, cleared: String, cpus: Int, mask: String, complement: String) throws {
        let rest = try #require(CPUSet(mask: text)).subtracting(try CPUSet(parsing: cleared))
        #expect(rest.mask == mask)
        #expect(CPUSet(0..<cpus).subtracting(rest).mask == complement)
    }

    @Test(
        "a text that is no mask is refused",
        arguments: [
            "", "\n", ",", "ff,", ",ff", "ff,,ff", "g", "0x3", "-1", "ff ff", "123456789", "ff\nff", "é", "０", "2-5",
        ])
    func refused(text: String) {
        #expect(CPUSet(mask: text) == nil)
    }

    @Test("a mask may be as wide as CPU numbers go, and wider where it is zero")
    func width() {
        let zeros = String(repeating: ",00000000", count: 2_047)
        #expect(CPUSet(mask: "80000000" + zeros) == [65_535])
        #expect(CPUSet([65_535]).mask == "80000000" + zeros)
        #expect(CPUSet(mask: "1,00000000" + zeros) == nil)
        #expect(CPUSet(mask: "0,0,0,00000001" + zeros) == [65_504])
        #expect(CPUSet(mask: "0" + String(repeating: ",0", count: 300_000)) == [])
    }

    @Test("every set is read back from its own mask")
    func roundTrip() {
        var random = SeededGenerator(state: 4)
        for _ in 0..<500 {
            let set = CPUSet(random.cpus())
            #expect(CPUSet(mask: set.mask) == set)
            #expect(CPUSet(mask: "0000," + set.mask + "\n") == set)
            #expect(CPUSet(words: set.words) == set)
        }
    }
}
