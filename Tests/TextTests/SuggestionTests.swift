// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite("Suggesting what was meant")
struct SuggestionTests {
    @Test(
        "a slip of any kind counts once",
        arguments: [
            ("", "", 0), ("", "ab", 2), ("ab", "", 2), ("cpus", "cpus", 0), ("cpu", "cpus", 1), ("cpuss", "cpus", 1),
            ("cpas", "cpus", 1), ("cups", "cpus", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
        ])
    func distance(first: String, second: String, expected: Int) {
        #expect(editDistance(first, second) == expected)
        #expect(editDistance(second, first) == expected)
    }

    @Test(
        "a third of the letters may be wrong, and one of a short word",
        arguments: [
            ("exlusiev", "exclusive"), ("xclusiv", "exclusive"), ("excl", nil), ("rum", "run"), ("rn", "run"),
            ("r", nil), ("", nil),
        ])
    func limit(typed: String, meant: String?) {
        #expect(suggestion(for: typed, among: ["exclusive", "run"]) == meant)
    }

    @Test("the nearest candidate wins, and the first of equals")
    func nearest() {
        #expect(suggestion(for: "statu", among: ["stat", "status", "stats"]) == "stat")
        #expect(suggestion(for: "statuss", among: ["stats", "status"]) == "status")
    }
}
