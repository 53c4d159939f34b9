// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// Where the texts last looked at are kept.
private let snapshots = String(#filePath.dropLast("TextSnapshot.swift".count)) + "Snapshots/"

/// Expects a text to be what it was when a person last looked at it.
func expect(_ text: String, matches file: String, at location: SourceLocation = #_sourceLocation) throws {
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
        try Data(text.utf8).write(to: URL(filePath: snapshots + file))
    }
    let known = try Data(contentsOf: URL(filePath: snapshots + file))
    #expect(
        text == String(decoding: known, as: UTF8.self), "UPDATE_SNAPSHOTS=1 accepts the change of \(file)",
        sourceLocation: location)
}
