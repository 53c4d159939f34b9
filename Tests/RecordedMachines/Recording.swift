// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A machine that was recorded in a guest, as one text: each file behind a line `==> PATH <==`, as tail(1) prints them.
package enum Recording {
    /// Reads the recording of that name.
    package static func files(of name: String) throws -> [String: String] {
        let here = #filePath.dropLast("RecordedMachines/Recording.swift".count)
        let bytes = try Data(contentsOf: URL(filePath: here + "Machines/\(name).machine"))
        return files(in: String(decoding: bytes, as: UTF8.self))
    }

    static func files(in text: String) -> [String: String] {
        var files: [String: String] = [:]
        var path: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("==> "), line.hasSuffix(" <==") {
                // An empty line stands before each but the first.
                if let path, files[path]?.hasSuffix("\n") == true { files[path]?.removeLast() }
                path = String(line.dropFirst(4).dropLast(4))
                files[path ?? ""] = ""
            } else if let path {
                files[path, default: ""] += line + "\n"
            }
        }
        return files
    }
}
