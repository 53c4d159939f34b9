// SPDX-License-Identifier: Apache-2.0

package import JSON
import MachineKit

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
