// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit

/// Keeps every CPU out of idle states that take long to leave, as long as it is held.
///
/// The kernel forgets the request when the file is closed (`/dev/cpu_dma_latency`, Documentation/power/pm_qos_interface.rst).
struct LatencyRequest: ~Copyable {
    private let descriptor: FileDescriptor

    init() throws(Errno) {
        let descriptor = try FileDescriptor.open("/dev/cpu_dma_latency", .writing)
        // A 32-bit number of microseconds.
        try descriptor.write([0, 0, 0, 0].span)
        self.descriptor = descriptor
    }
}
