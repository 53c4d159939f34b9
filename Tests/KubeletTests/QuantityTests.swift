// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Testing

@Suite("Amounts as Kubernetes writes them")
struct QuantityTests {
    @Test(
        "of CPUs, in thousandths",
        arguments: [
            ("500m", 500), ("2", 2_000), ("0.5", 500), (".5", 500), ("1.", 1_000), ("1e3", 1_000_000), ("1E-3", 1),
            ("+2", 2_000), ("0", 0), ("0m", 0), ("1500000u", 1_500), ("1u", 1), ("1n", 1), ("0.0001", 1),
            ("-500m", -500),
            ("2k", 2_000_000), ("007", 7_000), ("1e-99999", 1),
        ])
    func milli(text: String, milli: Int) throws {
        #expect(try #require(Quantity(text)).milli == milli)
    }

    @Test(
        "of memory, in bytes",
        arguments: [
            ("1Ki", 1_024), ("512Mi", 536_870_912), ("1Gi", 1_073_741_824), ("0.5Gi", 536_870_912), ("1k", 1_000),
            ("128974848", 128_974_848), ("129e6", 129_000_000), ("129M", 129_000_000), ("1G", 1_000_000_000),
            ("123Mi", 128_974_848), ("1.5Ki", 1_536), ("100m", 1), ("1Ti", 1 << 40), ("1Pi", 1 << 50),
            ("1T", 1_000_000_000_000),
            ("1P", 1_000_000_000_000_000), ("1E", 1_000_000_000_000_000_000),
            // More than Kubernetes knows is the most that it knows.
            ("9E99999", Int.max), ("100Ei", Int.max), ("99999999999999999999999999999999999999", Int.max),
        ])
    func bytes(text: String, bytes: Int) throws {
        #expect(try #require(Quantity(text)).whole == bytes)
    }

    @Test(
        "no amount is what Kubernetes calls none",
        arguments: [
            "", "m", "Gi", "1.2.3", "1 Gi", " 1", "1 ", "1gi", "1KI", "1e", "1e+", "0x1", "1_000", "--1", "+-1", ".",
            "1,5",
            "5%", "NaN", "inf", "١", "1\u{0}", String(repeating: "0", count: 1 << 20),
        ])
    func refused(text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test("equal amounts are equal however they are written")
    func equal() {
        #expect(Quantity("1") == Quantity("1000m"))
        #expect(Quantity("1Gi") == Quantity("1024Mi"))
        #expect(Quantity("1G") != Quantity("1Gi"))
        #expect(Quantity("1") == Quantity(1))
    }

    @Test("amounts add up exactly, and are ordered")
    func sums() throws {
        let sum = try #require(Quantity("100m")) + #require(Quantity("1.9"))
        #expect(sum == Quantity("2"))
        let most = try #require(Quantity("8Ei"))
        #expect((most + most).whole == .max)
        #expect(try #require(Quantity("999Mi")) < #require(Quantity("1G")) + #require(Quantity("48Mi")))
    }

    @Test(
        "the text is short, and what is finer than a billionth is rounded up",
        arguments: [
            ("0.5", "500m"), ("2000m", "2"), ("1024", "1Ki"), ("1572864", "1536Ki"), ("1G", "1000000000"), ("0", "0"),
            ("1n", "1n"), ("1.5n", "2n"), ("0.0000000001", "1n"), ("1073741824", "1Gi"), ("-1", "-1"),
        ])
    func text(written: String, text: String) throws {
        let quantity = try #require(Quantity(written))
        #expect(quantity.description == text)
        #expect(Quantity(quantity.description) == quantity)
    }
}

@Suite("Lengths of time as Go writes them")
struct PeriodTests {
    @Test(
        "are read in every unit",
        arguments: [
            ("10s", 10_000_000_000), ("100ms", 100_000_000), ("1m30s", 90_000_000_000), ("1.5h", 5_400_000_000_000),
            ("0", 0), ("0s", 0), ("1ns", 1), ("2us", 2_000), ("2µs", 2_000), ("-5s", -5_000_000_000),
        ])
    func read(text: String, nanoseconds: Int64) throws {
        let period = try #require(Period(text))
        #expect(period.nanoseconds == nanoseconds)
        #expect(period.description == text)
    }

    @Test(
        "are none without a unit, with an unknown one, or when they are too long",
        arguments: [
            "", "5", "s", "5 s", "5d", "1e3s", "--5s", "9999999999h", "5s5", "s5", "1..5s",
            String(repeating: "1s", count: 1 << 20),
        ])
    func refused(text: String) {
        #expect(Period(text) == nil)
    }
}
