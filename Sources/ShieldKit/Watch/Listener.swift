// SPDX-License-Identifier: Apache-2.0

import Linux

/// Something that the kernel announces through a descriptor.
protocol EventSource: ~Copyable {
    /// The number to wait with.
    var number: Int32 { get }

    /// Takes what was announced first.
    ///
    /// - Returns: Whether something was announced.
    func hasTakenOne() throws(Errno) -> Bool
}

/// Announcements of one kind, where the kernel makes them.
struct Listener<Source: EventSource & ~Copyable>: ~Copyable {
    let source: Source?
    /// What cannot be heard of, with the reason; nil when all can.
    let complaint: (source: String, errno: Errno)?

    /// - Parameters:
    ///   - subject: What is announced.
    ///   - open: Begins to listen.
    init(_ subject: String, _ open: () throws(Errno) -> Source) {
        do throws(Errno) {
            source = try open()
            complaint = nil
        } catch {
            source = nil
            complaint = (subject, error)
        }
    }

    var number: Int32? {
        switch source {
        case .some(let source): source.number
        case .none: nil
        }
    }

    func hasTakenOne() throws(Errno) -> Bool {
        switch source {
        case .some(let source): try source.hasTakenOne()
        case .none: false
        }
    }
}

extension KernelEvents: EventSource {
    func hasTakenOne() throws(Errno) -> Bool { try next() != nil }
}

extension KernelThreadEvents: EventSource {
    func hasTakenOne() throws(Errno) -> Bool { try next() != nil }
}

extension FileEvents: EventSource {
    func hasTakenOne() throws(Errno) -> Bool { try !next().isEmpty }
}
