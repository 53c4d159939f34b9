// SPDX-License-Identifier: Apache-2.0

/// One interrupt, and where it goes.
package struct Interrupt: Hashable, Sendable {
    package var number: Int
    /// The CPUs that it may go to (`smp_affinity_list`).
    package var allowed: CPUSet
    /// The CPUs that the hardware really sends it to (`effective_affinity_list`); nil where the kernel does not say.
    package var effective: CPUSet?

    package init(_ number: Int, allowed: CPUSet, effective: CPUSet?) {
        self.number = number
        self.allowed = allowed
        self.effective = effective
    }

    /// Where it goes; nowhere when nobody requested it.
    package var goesTo: CPUSet { effective ?? allowed }

    package static func file(_ number: Int, _ name: String = "smp_affinity_list") -> KernelFile {
        KernelFile(.proc, "irq/\(number)/\(name)")
    }
}

extension Machine {
    /// The numbers of the machine's interrupts, lowest first.
    package func interruptNumbers() -> [Int] {
        let names = (try? entries(of: KernelFile(.proc, "irq"), directoriesOnly: true)) ?? []
        return names.compactMap { Int($0) }.sorted()
    }

    /// Every interrupt of the machine, in the order of their numbers.
    package func interrupts() -> [Interrupt] {
        interruptNumbers().compactMap { number in
            let allowed = cpus(in: Interrupt.file(number))
            let effective = cpus(in: Interrupt.file(number, "effective_affinity_list"))
            guard let known = allowed ?? effective else { return nil }
            return Interrupt(number, allowed: known, effective: effective)
        }
    }

    /// What an interrupt is called: the devices that share it, as `/proc/interrupts` names them; none when nobody requested it.
    package func names(ofIRQ number: Int) -> [String] {
        let actions = textIfPresent(of: KernelFile(.sys, "kernel/irq/\(number)/actions")) ?? ""
        return actions.split(separator: ",").map(String.init).filter { $0 != "(null)" }
    }

    private func cpus(in file: KernelFile) -> CPUSet? { textIfPresent(of: file).flatMap { CPUSet(kernelList: $0) } }
}
