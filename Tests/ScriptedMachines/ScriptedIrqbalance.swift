// SPDX-License-Identifier: Apache-2.0

@testable import MachineKit

/// An irqbalance of version 1.9: it takes what it is told when it looks at the interrupts the next time.
struct ScriptedIrqbalance {
    let socket = "/run/irqbalance/irqbalance417.sock"
    /// The CPUs that it leaves alone.
    var banned: CPUSet
    /// Those that it leaves alone by itself.
    let environment: CPUSet
    /// What it was told since its last look.
    private var told: CPUSet?

    init(banning banned: CPUSet) {
        self.banned = banned
        environment = banned
    }

    /// Answers a message as the daemon does.
    mutating func hear(_ message: String) -> String {
        if message == "setup" { return "SLEEP 10 BANNED \(banned.mask) " }
        let list = message.dropFirst("settings cpus ".count)
        told = list == "NULL" ? environment : CPUSet(kernelList: list) ?? []
        return ""
    }

    mutating func look() {
        banned = told ?? banned
        told = nil
    }
}
