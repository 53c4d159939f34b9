// SPDX-License-Identifier: Apache-2.0

import Linux

/// What a program decides about a system call, found as the kernel finds it.
///
/// The kernel's document is `Documentation/networking/filter.rst`.
struct SeccompDecision: Hashable, CustomStringConvertible {
    static let allow = SeccompDecision(code: 0x7fff_0000)
    static let log = SeccompDecision(code: 0x7ffc_0000)
    static let killProcess = SeccompDecision(code: 0x8000_0000)
    static func fail(_ reason: Errno) -> SeccompDecision {
        SeccompDecision(code: 0x0005_0000 | UInt32(reason.rawValue))
    }

    let code: UInt32

    var description: String { String(code, radix: 16) }
}

extension SeccompProgram {
    /// Decides about a call.
    ///
    /// - Returns: The decision, or nil when the program does what the kernel takes from no filter, or never ends.
    func decision(_ number: Int32, _ arguments: [UInt64], architecture: Architecture) -> SeccompDecision? {
        var words = [UInt32(bitPattern: number), architecture == .x86_64 ? 0xc000_003e : 0xc000_00b7, 0, 0]
        for argument in arguments + [UInt64](repeating: 0, count: 6 - arguments.count) {
            words += [UInt32(truncatingIfNeeded: argument), UInt32(truncatingIfNeeded: argument >> 32)]
        }
        var accumulator: UInt32 = 0
        var position = 0
        while position < instructions.count {
            let instruction = instructions[position]
            let constant = UInt32(truncatingIfNeeded: instruction >> 32)
            position += 1
            let holds: Bool
            switch UInt16(truncatingIfNeeded: instruction) {
            case 0x20:
                guard constant % 4 == 0, constant / 4 < words.count else { return nil }
                accumulator = words[Int(constant / 4)]
                continue
            case 0x54:
                accumulator &= constant
                continue
            case 0x06: return SeccompDecision(code: constant)
            case 0x05:
                position += Int(constant)
                continue
            case 0x15: holds = accumulator == constant
            case 0x25: holds = accumulator > constant
            case 0x35: holds = accumulator >= constant
            case 0x45: holds = accumulator & constant != 0
            default: return nil
            }
            position += Int(UInt8(truncatingIfNeeded: instruction >> (holds ? 16 : 24)))
        }
        return nil
    }
}
