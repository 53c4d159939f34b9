// SPDX-License-Identifier: Apache-2.0

extension CPUManagerState {
    /// Whether the file is what kubelet wrote.
    package var checksum: ChecksumVerdict { seal.verdict(amongThoseOf: version == 1 ? [dumpByID] : dumps) }

    /// The texts that kubelets from 1.18 on may have hashed, the commonest first.
    ///
    /// The name of the Go type is part of the text. 1.36 renamed it: what it wrote then has the new name, and later versions
    /// went back to the old one. A file without `podEntries` may come from a type with that field or without.
    private var dumps: [SpewText] {
        var dumps: [SpewText] = []
        if pods.isEmpty {
            dumps += ["", "V2"].map { dump(ofType: "CPUManagerCheckpoint" + $0, hasPods: false) }
            if containersByID.isEmpty, containers.isEmpty { dumps.append(dumpByID) }
        }
        return dumps + ["", "V3"].map { dump(ofType: "CPUManagerCheckpoint" + $0, hasPods: true) }
    }

    private func dump(ofType type: String, hasPods: Bool) -> SpewText {
        var dump = head(ofType: type)
        dump.write("(map[string]map[string]string)")
        dump.map(containers) { dump, names in
            dump.map(names) { $0.write($1.text) }
        }
        if hasPods {
            dump.write(" PodEntries:(state.PodCPUAssignments)")
            dump.map(pods) { dump, list in
                dump.write("{CPUSet:(cpuset.CPUSet){elems:(map[int]struct {})")
                dump.enclosed(list.cpus, in: "map[") { $0.write("\($1):{}") }
                dump.write("}}")
            }
        }
        dump.write(" Checksum:(checksum.Checksum)0}")
        return dump
    }

    /// The text that kubelets before 1.18 hashed.
    private var dumpByID: SpewText {
        var dump = head(ofType: "CPUManagerCheckpoint")
        dump.write("(map[string]string)")
        dump.map(containersByID) { $0.write($1.text) }
        dump.write(" Checksum:(checksum.Checksum)0}")
        return dump
    }

    private func head(ofType type: String) -> SpewText {
        SpewText("(*state.\(type)){PolicyName:(string)\(policyName) DefaultCPUSet:(string)\(defaultCPUs.text) Entries:")
    }
}
