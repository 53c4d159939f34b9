// SPDX-License-Identifier: Apache-2.0

/// How many interrupts go to each CPU.
///
/// It rests on `/proc/irq/N/effective_affinity_list`, which says where the hardware really sends them; kernels or chips without
/// it have only the CPUs that are allowed, in `smp_affinity_list`.
package struct InterruptCensus {
    package private(set) var perCPU: [Int: Int] = [:]

    package init(of machine: any Machine) {
        let directory = KernelFile(.proc, "irq")
        for name in (try? machine.entries(of: directory, directoriesOnly: true)) ?? [] where Int32(name) != nil {
            let irq = directory.appending(name)
            let list =
                machine.textIfPresent(of: irq.appending("effective_affinity_list"))
                ?? machine.textIfPresent(of: irq.appending("smp_affinity_list"))
            // An interrupt that nobody requested goes nowhere, and its list is empty.
            for cpu in list.flatMap({ CPUSet(kernelList: $0) }) ?? [] { perCPU[cpu, default: 0] += 1 }
        }
    }
}
