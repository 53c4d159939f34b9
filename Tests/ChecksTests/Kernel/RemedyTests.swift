// SPDX-License-Identifier: Apache-2.0

import Configuration
import MachineKit
import RecordedMachines
import ShieldKit
import Testing

@testable import Checks

@Suite("Lines that mend what was found")
struct MendingTests {
    private func evidence(_ machine: MachineText, _ configuration: Configuration? = nil) throws -> Evidence {
        let directory = try RecordedMachine(files: machine.files)
        let shielding = try ShieldOperations(DirectoryMachine(directory.path))
        return Evidence(shielding, files: HostFiles(root: directory.path), configuration: configuration)
    }

    @Test("a shield that stands stays as it is but for what is added")
    func standing() throws {
        let attributes = NoiseSource.defaults.subtracting([.rps]).union([.ksm]).sorted()
        let machine = try shieldedMachine(attributes, placement: .pool(balanced: false))
        #expect(
            Remedy.giving(.governor, on: try evidence(machine))
                == "rtshield create --cpus 2-5 --isolated --with governor,ksm --without rps")
    }

    @Test("its partitions and its interrupts stay")
    func partitions() throws {
        let partitions = [
            Partition("user", cpus: [2], mems: [0]), Partition("docker", cpus: [3], mems: [0]),
            Partition("radio", cpus: [4], mems: [0]),
        ]
        let shield = Shield(
            cpus: [2, 3, 4], partitions: partitions, placement: .open, housekeeping: [0, 1], housekeepingMems: [0],
            mems: [0],
            irqRules: [IRQRule("eth0-*", cpus: [4])])
        #expect(
            ShieldCommand(shield.cpus, shield).text(with: .irqs)
                == "rtshield create --cpus 2-4 --user-cpus 2 --docker-cpus 3 --partition radio=4 --irq 'eth0-*=4'")
    }

    @Test("a configuration is changed, and then applied")
    func configuration() throws {
        let configuration = Configuration(shield: ShieldRequest(cpus: [2, 3]))
        let evidence = try evidence(quietMachine("quiet"), configuration)
        #expect(
            Remedy.giving(.governor, on: evidence)
                == "add governor to 'with' below 'shield' in /etc/rtshield/config.yaml, then rtshield apply")
        #expect(Remedy.giving(.irqs, on: evidence) == "rtshield apply")
    }

    @Test("where nobody means CPUs to be quiet, a person writes the file", arguments: NoiseSource.allCases)
    func byHand(attribute: NoiseSource) throws {
        #expect(Remedy.giving(attribute, on: try evidence(quietMachine("quiet"))).isEmpty == false)
    }
}
