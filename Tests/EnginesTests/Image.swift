// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import MachineKit
import Text

@testable import Engines

/// A machine as a directory, with the programs in their usual place; it goes when the value ends.
struct Image: ~Copyable {
    let path: String
    let files: EngineFiles

    init(_ texts: [String: String] = [:], programs: [String] = ["rtshield-hook", "rtshield-runtime"]) throws {
        path = try Self.made(with: texts, programs)
        files = EngineFiles(root: path)
    }

    private static func made(with texts: [String: String], _ programs: [String]) throws -> String {
        var template = Array("/tmp/rtshield-image.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Problem("cannot make a directory") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for (name, text) in texts { try write(text, to: path + name) }
        for program in programs {
            try write("#!/bin/true\n", to: "\(path)/usr/local/sbin/\(program)")
            chmod("\(path)/usr/local/sbin/\(program)", 0o755)
        }
        return path
    }

    private static func write(_ text: String, to file: String) throws {
        let directory = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws { try Self.write(text, to: path + name) }

    /// The bytes of a file; nil where there is none.
    func bytes(of name: String) -> [UInt8]? { FileManager.default.contents(atPath: path + name).map(Array.init) }

    /// The text of a file that is there.
    func text(of name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path + name)), as: UTF8.self)
    }

    /// Decides and does it; what was decided.
    @discardableResult
    func install(_ engine: InstallableEngine, asDefault: Bool = false) throws -> Setup {
        let setup = try engine.installing(.usual, on: files, asDefault: asDefault)
        for change in setup.changes { try files.perform(change) }
        return setup
    }

    /// Decides and does it; what was decided.
    @discardableResult
    func uninstall(_ engine: InstallableEngine) throws -> Setup {
        let setup = try engine.removing(from: files)
        for change in setup.changes { try files.perform(change) }
        return setup
    }
}

extension Programs {
    static var usual: Programs {
        get throws { try Programs(in: usualDirectory) }
    }
}

/// What a refusal says first.
func refusal(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Problem)?.what ?? "\(error)"
    }
}

/// A file that lies beside the tests.
func fixture(_ name: String) throws -> String {
    let directory = String(#filePath.dropLast("Image.swift".count)) + "Fixtures/"
    return String(decoding: try Data(contentsOf: URL(filePath: directory + name)), as: UTF8.self)
}
