// SPDX-License-Identifier: Apache-2.0

internal import CgroupKit
package import JSON

extension CPUManagerState {
    /// Reads the file.
    ///
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(reading text: [UInt8]) throws(DocumentError) {
        let outer = try Fields(Document(Self.fileName, text, limit: Self.largest))
        let data = try outer.string(outer.spelling(of: "data")) ?? ""
        let dataChecksum: UInt64 = try outer.integer(outer.spelling(of: "dataChecksum")) ?? 0
        // From 1.37 on what counts is a document in a document; the fields around it are for older kubelets.
        guard data.isEmpty else {
            let inner = try Document(Self.fileName + "/data", Array(data.utf8), limit: Self.largest)
            try self.init(Fields(inner), sealed: .data(dataChecksum, data))
            return
        }
        let checksum: UInt64 = try outer.integer(outer.spelling(of: "checksum")) ?? 0
        try self.init(outer, sealed: dataChecksum == 0 ? .fields(checksum) : .data(dataChecksum, data))
    }

    private init(_ fields: Fields, sealed seal: Seal) throws(DocumentError) {
        policyName = try fields.required(fields.spelling(of: "policyName"))
        defaultCPUs = try fields.cpuList("defaultCpuSet")
        self.seal = seal
        version = 2
        try readEntries(fields)
        try readPods(fields)
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
