// SPDX-License-Identifier: Apache-2.0

/// Something that happened to a device, as the kernel tells it.
package struct KernelEvent: Hashable, Sendable {
    /// What happened, such as `add`, `remove`, `change`, `online`, `offline`.
    package let action: String
    /// The directory of the device below `/sys`, such as `/devices/system/cpu/cpu1`.
    package let devicePath: String
    /// The kind of device, such as `cpu`, `net`, `irq`.
    package let subsystem: String

    /// Names an event.
    package init(action: String, devicePath: String, subsystem: String) {
        self.action = action
        self.devicePath = devicePath
        self.subsystem = subsystem
    }

    /// Takes a message of the kernel apart: a heading, and texts of the form `KEY=value`, each with a NUL byte after it.
    ///
    /// Nil when one of the three values is missing.
    init?(message: some Collection<UInt8>) {
        var values: [Substring: Substring] = [:]
        for line in message.split(separator: 0).dropFirst() {
            let parts = String(decoding: line, as: UTF8.self).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let action = values["ACTION"], let path = values["DEVPATH"], let subsystem = values["SUBSYSTEM"] else {
            return nil
        }
        self.init(action: String(action), devicePath: String(path), subsystem: String(subsystem))
    }
}
