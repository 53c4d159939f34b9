// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit
internal import Text

extension Requests {
    /// Reads what a container requests.
    ///
    /// Annotations of rtshield's that are unknown, and values that cannot be understood, are errors: a program that relies on
    /// what it asked for should not start without. Other annotations are nobody's business here.
    ///
    /// - Throws: ``RequestError`` with everything that is wrong.
    package init(of container: Container) throws(RequestError) {
        var reader = RequestParser(container)
        reader.refuseUnknown()
        irqs = reader.interrupts()
        movesKernelThreads = reader.word(.kernelThreads, [("disable", true), ("enable", false)]) ?? false
        loadBalancing = reader.word(
            .loadBalancing, [("disable", false), ("enable", true), ("true", false)], accepts: "'disable', 'enable'")
        endsQuota =
            reader.word(.quota, [("disable", true), ("enable", false), ("true", true)], accepts: "'disable', 'enable'")
            ?? false
        if irqs == nil, reader.value(of: .irqs) != nil { declined.insert(.irqs) }
        if !movesKernelThreads, reader.value(of: .kernelThreads) != nil { declined.insert(.kernelThreads) }
        if !endsQuota, reader.value(of: .quota) != nil { declined.insert(.quota) }
        idleStates = reader.idleStates()
        governor = reader.governor()
        cpus = reader.word(.cpus)
        realtime = reader.realtime(container)
        guard reader.problems.isEmpty else { throw RequestError(problems: reader.problems) }
    }
}

extension RequestParser {
    /// As CRI-O has it; `true` is an old word for `disable`.
    fileprivate mutating func interrupts() -> InterruptRequest? {
        word(
            .irqs,
            [("disable", .disable), ("housekeeping", .housekeeping), ("enable", nil), ("true", .disable)]
                as [(String, InterruptRequest?)],
            accepts: "'disable', 'housekeeping', 'enable'") ?? nil
    }

    fileprivate mutating func idleStates() -> IdleStateRequest? {
        guard let (key, text) = value(of: .idleStates) else { return nil }
        if text == "enable" { return .enable }
        if text == "disable" { return .disable }
        let prefix = "max_latency:"
        if text.hasPrefix(prefix), let latency = Int32(String(text.dropFirst(prefix.count))), latency > 0 {
            return .maxLatency(latency)
        }
        report(
            key, "\(quoted(text)) is not understood",
            hint: "accepted are 'enable', 'disable' and 'max_latency:N' with microseconds from 1")
        return nil
    }

    /// Which governors a machine has is only known on it; what cannot be the name of one is wrong everywhere.
    fileprivate mutating func governor() -> String? {
        guard let (key, text) = value(of: .governor) else { return nil }
        if Requests.isGovernor(text) { return text }
        report(
            key, "\(quoted(text)) is not understood", hint: "accepted is the name of a governor, such as performance")
        return nil
    }
}

extension Requests {
    /// Whether a text can be the name of a frequency governor.
    package static func isGovernor(_ text: String) -> Bool {
        let isName = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
        }
        // CPUFREQ_NAME_LEN is 16, with a NUL byte.
        return isName && (1...15).contains(text.utf8.count)
    }
}
