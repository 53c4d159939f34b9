// SPDX-License-Identifier: Apache-2.0

import JSON
import Kubelet
import Linux
import MachineKit

/// Reads kubelet's files, and keeps what is wrong with them.
struct KubeletReader {
    let files: HostFiles
    /// What is wrong with a file, so that neither kubelet nor a rule can go by it.
    private(set) var faults: [RuleResult] = []

    init(_ files: HostFiles) { self.files = files }

    /// Where installers put kubelet's configuration: kubeadm and most others, OpenShift, EKS.
    static let usualPaths = [
        "/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet.conf", "/etc/kubernetes/kubelet/kubelet-config.json",
    ]

    mutating func configuration(
        _ file: KubeletConfigurationFile?, _ dropIns: [KubeletConfigurationFile], _ flags: KubeletFlags
    ) -> KubeletConfiguration? {
        do throws(KubeletConfigurationError) {
            return try KubeletConfiguration(file: file, dropIns: dropIns, flags: flags)
        } catch {
            faults.append(Self.fault(error))
            return nil
        }
    }
}

// MARK: - Files

extension KubeletReader {
    /// The file that kubelet was told to read, which has to be there.
    mutating func configurationFile(named path: String) -> KubeletConfigurationFile? {
        guard case .read(let text) = bytes(path, limit: KubeletConfigurationFile.largest, of: .configuration) else {
            return nil
        }
        guard let text else {
            faults.append(
                .error(
                    "kubelet is configured to read \(path), which is missing",
                    wanted: "a KubeletConfiguration in \(path)",
                    fix: "restore it, or fix --config in kubelet's arguments: systemctl cat kubelet"))
            return nil
        }
        return KubeletConfigurationFile(path: path, text: text)
    }

    /// The first file that there is where installers put one.
    mutating func usualFile() -> KubeletConfigurationFile? {
        for path in Self.usualPaths {
            guard case .read(let text) = bytes(path, limit: KubeletConfigurationFile.largest, of: .configuration) else {
                return nil
            }
            // kubeadm has kubelet's credentials where OpenShift has its configuration.
            if let text, !Self.isCredentials(text) { return KubeletConfigurationFile(path: path, text: text) }
        }
        return nil
    }

    private static func isCredentials(_ text: [UInt8]) -> Bool {
        text.split(separator: UInt8(ascii: "\n")).contains { line in
            line.elementsEqual("kind: Config".utf8) || line.elementsEqual("kind: Config\r".utf8)
        }
    }

    /// The drop-ins in a directory and in those below it, as kubelet walks them.
    mutating func dropIns(in directory: String) -> [KubeletConfigurationFile] {
        guard (try? files.status(of: directory))?.kind == .directory else {
            faults.append(
                .error(
                    "kubelet is configured to read drop-ins from \(directory), which is not a directory",
                    wanted: "a directory, which may be empty", fix: "mkdir -p \(directory); systemctl restart kubelet"))
            return []
        }
        var dropIns: [KubeletConfigurationFile] = []
        for path in dropInPaths(in: directory, depth: 0) where dropIns.count < Self.mostDropIns {
            guard case .read(let text?) = bytes(path, limit: KubeletConfigurationFile.largest, of: .configuration)
            else {
                continue
            }
            dropIns.append(KubeletConfigurationFile(path: path, text: text))
        }
        return dropIns
    }

    /// More than anybody has; a link may lead a walk in a circle.
    private static let (mostDropIns, deepestDropIn) = (256, 3)

    private func dropInPaths(in directory: String, depth: Int) -> [String] {
        files.names(in: directory).flatMap { name in
            let path = "\(directory)/\(name)"
            if (try? files.status(of: path))?.kind == .directory {
                return depth < Self.deepestDropIn ? dropInPaths(in: path, depth: depth + 1) : []
            }
            return KubeletConfigurationFile.isDropIn(path) ? [path] : []
        }
    }

    mutating func cpuState(in root: String) -> CPUManagerState? {
        state("\(root)/\(CPUManagerState.fileName)", limit: CPUManagerState.largest) { text throws(DocumentError) in
            try CPUManagerState(reading: text)
        }
    }

    mutating func memoryState(in root: String) -> MemoryManagerState? {
        state("\(root)/\(MemoryManagerState.fileName)", limit: MemoryManagerState.largest) {
            text throws(DocumentError) in
            try MemoryManagerState(reading: text)
        }
    }

    private mutating func state<State>(
        _ path: String, limit: Int, _ read: ([UInt8]) throws(DocumentError) -> State
    ) -> State? {
        guard case .read(let text?) = bytes(path, limit: limit, of: .state) else { return nil }
        do throws(DocumentError) {
            return try read(text)
        } catch {
            faults.append(
                .error(
                    "\(path):\(error.line):\(error.column): \(error.message)", wanted: "what kubelet wrote",
                    fix: KubeletRemedy.renewing(path)))
            return nil
        }
    }

    private enum Reading {
        /// What a file holds; nil when it is missing.
        case read([UInt8]?)
        case failed
    }

    private mutating func bytes(_ path: String, limit: Int, of kind: Kind) -> Reading {
        do throws(FileError) {
            return .read(try files.bytes(of: path, limit: limit))
        } catch {
            if error.isAbsence || error.errno == .notDirectory { return .read(nil) }
            faults.append(Self.fault(path, error, limit: limit, of: kind))
            return .failed
        }
    }
}

// MARK: - What is wrong

extension KubeletReader {
    fileprivate enum Kind { case configuration, state }

    private static func fault(_ path: String, _ error: FileError, limit: Int, of kind: Kind) -> RuleResult {
        switch error.errno {
        case .permissionDenied, .notPermitted:
            // Kubelet is root, and may.
            .warning(
                "\(path) cannot be read: \(error.errno)", wanted: "permission to read it",
                fix: "sudo rtshield check kubelet")
        case .fileTooLarge:
            .error(
                "\(path) cannot be read: it is larger than \(limit >> 20) MiB",
                wanted: "a file that kubelet or its installer wrote",
                fix: kind == .state ? KubeletRemedy.renewing(path) : "ls -lL \(path); file -L \(path)")
        default:
            .error(
                "\(path) cannot be read: \(HostFiles.reason(error))", wanted: "a regular text file",
                fix: "ls -lL \(path); file -L \(path)")
        }
    }

    private static func fault(_ error: KubeletConfigurationError) -> RuleResult {
        switch error {
        case .flag(let name, _):
            return .error(
                "kubelet's arguments: \(error)", wanted: "a value that kubelet accepts",
                fix: "fix \(name) in kubelet's arguments (systemctl cat kubelet); systemctl restart kubelet")
        case .file(let fault):
            let fix = "fix \(fault.document):\(fault.line); systemctl restart kubelet"
            // Kubelet reads these, and what they stand for is not looked at here.
            let isYAML = ["anchors", "aliases", "tags"].contains { fault.message.hasPrefix("\($0) are not read") }
            return isYAML
                ? .warning(error.description, wanted: "values that are written out", fix: fix)
                : .error(error.description, wanted: "a file that kubelet can read", fix: fix)
        }
    }
}
