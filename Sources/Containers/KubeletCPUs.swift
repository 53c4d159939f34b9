// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import JSON

/// What kubelet's CPU manager gave to whom: its file `cpu_manager_state`, of which all four forms are read.
///
/// The checksums are not looked at. rtshield never writes this file.
package struct KubeletCPUs: Hashable, Sendable {
    /// The most bytes that are read of the file.
    package static let largest = 4 << 20
    /// The name of the file in kubelet's directory.
    package static let fileName = "cpu_manager_state"

    /// The policy; only `static` gives CPUs to single containers.
    package var policy: String
    /// The CPUs that everybody else shares.
    package var shared: CPUSet
    /// The CPUs of containers, by the uid of the pod and the name of the container.
    package var containers: [String: [String: CPUSet]] = [:]
    /// The CPUs of whole pods, by uid (1.36 and newer).
    package var pods: [String: CPUSet] = [:]
    /// The CPUs of containers by id, before 1.18.
    package var containersByID: [String: CPUSet] = [:]

    /// Reads the file.
    ///
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(reading text: [UInt8]) throws(DocumentError) {
        let outer = try Fields(Document(Self.fileName, text, limit: Self.largest))
        // From 1.37 on what counts is a document in a document; the fields around it are for older kubelets.
        guard let data = try outer.string("data"), !data.isEmpty else {
            try self.init(outer)
            return
        }
        let name = Self.fileName + "/data"
        try self.init(Fields(Document(name, Array(data.utf8), limit: Self.largest)))
    }

    private init(_ fields: Fields) throws(DocumentError) {
        policy = try fields.required(fields.spelling(of: "policyName"))
        shared = try fields.numbers(fields.spelling(of: "defaultCpuSet"))
        let entries = fields.spelling(of: "entries")
        for entry in try fields.object(entries)?.members ?? [] {
            if case .string = entry.value.content {
                containersByID[entry.key] = try fields.object(entries)?.numbers(entry.key)
            }
        }
        if containersByID.isEmpty {
            for (uid, names) in try fields.objects(byKey: entries) {
                for member in names.members {
                    containers[uid, default: [:]][member.key] = try names.numbers(member.key)
                }
            }
        }
        for (uid, pod) in try fields.objects(byKey: fields.spelling(of: "podEntries")) {
            pods[uid] = try pod.numbers(pod.spelling(of: "cpuSet"))
        }
    }

    /// The CPUs that are the container's, or its pod's, alone; nil when it shares those of everybody.
    package func exclusive(to container: Container) -> CPUSet? {
        if let id = container.id, let cpus = containersByID[id.text] { return cpus }
        guard let uid = container.podUID else { return nil }
        let entries = containers[uid] ?? [:]
        guard let name = container.name else {
            // Docker does not tell names. No two entries share a CPU, and none has one of the shared pool.
            return entries.values.first { $0 == container.spec.cpu.cpus } ?? pods[uid]
        }
        return entries[name] ?? pods[uid]
    }
}

extension Fields {
    /// How the document spells a key: kubelet reads them without regard to case, and older ones wrote them otherwise.
    fileprivate func spelling(of key: String) -> String {
        members.first { $0.key.lowercased() == key.lowercased() }?.key ?? key
    }
}
