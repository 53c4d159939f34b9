// SPDX-License-Identifier: Apache-2.0

import Containers
import Libseccomp
import Linux

/// A profile as the real libseccomp translates it, given the rules as runc and crun give them.
struct ProfileFilter {
    private let program: SeccompProgram

    init(_ profile: Seccomp) throws {
        var rules: [SeccompFilter.Rule] = []
        // Both skip a rule that says what holds anyhow, and hand over all others in their order.
        for rule in profile.rules where rule.action != profile.defaultAction {
            let action = rule.action.filterAction
            for name in rule.names.sorted() {
                if let condition = rule.conditions.first {
                    rules.append(.init(name, action, where: .argument(condition.index, is: condition.value)))
                } else {
                    rules.append(.init(name, action))
                }
            }
        }
        program = try SeccompFilter(rules, otherwise: profile.defaultAction.filterAction).program(for: .x86_64)
    }

    /// What becomes of a call, as the kernel finds it: a value of `SECCOMP_RET_…`, or nil when it would refuse the
    /// program.
    func decision(_ number: UInt32, firstArguments argument: UInt64) -> UInt32? {
        let halves = [UInt32(truncatingIfNeeded: argument), UInt32(truncatingIfNeeded: argument >> 32)]
        let words = [number, 0xc000_003e, 0, 0] + Array(repeatElement(halves, count: 6).joined())
        var accumulator: UInt32 = 0
        var position = 0
        while position < program.instructions.count {
            let instruction = program.instructions[position]
            let constant = UInt32(truncatingIfNeeded: instruction >> 32)
            let (ifTrue, ifFalse) = (Int(instruction >> 16 & 0xff), Int(instruction >> 24 & 0xff))
            position += 1
            switch UInt16(truncatingIfNeeded: instruction) {
            case 0x20: accumulator = words[Int(constant / 4)]
            case 0x54: accumulator &= constant
            case 0x06: return constant
            case 0x05: position += Int(constant)
            case 0x15: position += accumulator == constant ? ifTrue : ifFalse
            case 0x25: position += accumulator > constant ? ifTrue : ifFalse
            case 0x35: position += accumulator >= constant ? ifTrue : ifFalse
            default: return nil
            }
        }
        return nil
    }
}

extension Seccomp.Action {
    fileprivate var filterAction: SeccompFilter.Action {
        switch name {
        case "SCMP_ACT_ALLOW": .allow
        case "SCMP_ACT_LOG": .log
        case "SCMP_ACT_ERRNO": .fail(Errno(rawValue: Int32(errno)))
        default: .killProcess
        }
    }
}
