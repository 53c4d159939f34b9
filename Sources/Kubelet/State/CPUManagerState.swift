// SPDX-License-Identifier: Apache-2.0

package import JSON
package import MachineKit

/// What kubelet's CPU manager gave to whom: its file `cpu_manager_state`, of which all four versions are read.
///
/// kubelet refuses to start when the file does not fit to its configuration or to the machine. rtshield never writes it.
package struct CPUManagerState: Hashable, Sendable {
    /// The most bytes that are read of the file.
    package static let largest = 4 << 20
    /// The name of the file in kubelet's directory.
    package static let fileName = "cpu_manager_state"
    /// How many containers and pods may have CPUs: each has one at least, and no kernel can be built for more.
    package static let mostEntries = 8_192

    /// The version: 1 before kubelet 1.18, 2, 3 in 1.36 when pods have CPUs, 4 from 1.37 on.
    package var version: Int
    /// The policy that wrote the file, such as `static`.
    package var policyName: String
    /// The CPUs that everybody else shares.
    package var defaultCPUs: CPUList
    /// The CPUs of containers, by the uid of the pod and the name of the container.
    package var containers: [String: [String: CPUList]] = [:]
    /// The CPUs of whole pods, by uid; those of their containers may be among them (version 3 and 4).
    package var pods: [String: CPUList] = [:]
    /// The CPUs of containers, by id (version 1).
    package var containersByID: [String: CPUList] = [:]
    /// What the file says of itself.
    let seal: StateChecksum
}

extension CPUManagerState {
    /// The CPUs that containers and pods have for themselves.
    package var exclusiveCPUs: CPUSet {
        var cpus: CPUSet = []
        for list in containers.values.flatMap(\.values) { cpus.formUnion(list.cpus) }
        for list in containersByID.values { cpus.formUnion(list.cpus) }
        for list in pods.values { cpus.formUnion(list.cpus) }
        return cpus
    }

    /// Whether nothing was given to anybody.
    package var isEmpty: Bool { containers.isEmpty && containersByID.isEmpty && pods.isEmpty }
}

/// A set of CPUs together with the text that kubelet wrote for it.
///
/// The text is kept because checksums are made of it: `2-3` and `2,3` are the same CPUs.
package struct CPUList: Hashable, Sendable {
    /// The text, such as `2-5,8`.
    package let text: String
    /// The CPUs of the text.
    package let cpus: CPUSet

    /// Reads a list as kubelet does: an empty one is an empty set, and blanks are wrong.
    ///
    /// The result is nil when the text is no list, or has a CPU above ``CPUSet/highestNumber``.
    package init?(_ text: String) {
        self.text = text
        guard !text.isEmpty else {
            cpus = []
            return
        }
        guard let cpus = try? CPUSet(parsing: text) else { return nil }
        self.cpus = cpus
    }

    /// The list that kubelet writes for a set.
    package init(cpus: CPUSet) {
        text = cpus.description
        self.cpus = cpus
    }
}

extension CPUManagerState {
    /// Reads the file.
    ///
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(reading text: [UInt8]) throws(DocumentError) {
        let file = try ChecksummedFields(Self.fileName, text, limit: Self.largest)
        policyName = try file.fields.required(file.fields.spelling(of: "policyName"))
        defaultCPUs = try file.fields.cpuList("defaultCpuSet")
        seal = file.seal
        version = 2
        try readEntries(file.fields)
        try readPods(file.fields)
        if case .data = seal { version = 4 }
    }

    private mutating func readEntries(_ fields: Fields) throws(DocumentError) {
        let key = fields.spelling(of: "entries")
        guard let entries = try fields.object(key) else { return }
        var count = 0
        func admit(_ more: Int) throws(DocumentError) {
            count += more
            if count > Self.mostEntries {
                throw fields.error("more than \(Self.mostEntries) containers have CPUs here", at: key)
            }
        }
        if case .string = entries.members.first?.value.content {
            version = 1
            try admit(entries.members.count)
            containersByID = try entries.cpuLists()
            return
        }
        for (uid, names) in try fields.objects(byKey: key) {
            try admit(names.members.count)
            containers[uid] = try names.cpuLists()
        }
    }

    private mutating func readPods(_ fields: Fields) throws(DocumentError) {
        let key = fields.spelling(of: "podEntries")
        var count = 0
        for (uid, pod) in try fields.objects(byKey: key) {
            let list = try pod.cpuList("cpuSet")
            // The text of a checksum names each CPU.
            count += list.cpus.count
            guard pods.count < Self.mostEntries, count <= CPUSet.highestNumber else {
                throw fields.error("pods have more CPUs here than a machine can have", at: key)
            }
            pods[uid] = list
            version = 3
        }
    }
}

extension Fields {
    fileprivate func cpuList(_ key: String) throws(DocumentError) -> CPUList {
        try text(spelling(of: key), as: "CPU list", CPUList.init) ?? CPUList(cpus: [])
    }

    fileprivate func cpuLists() throws(DocumentError) -> [String: CPUList] {
        try texts(as: "CPU list", CPUList.init)
    }
}

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
