// SPDX-License-Identifier: Apache-2.0

/// Tells the containers that certainly need nothing from rtshield from all others, at every start and every end of one.
///
/// It only ever errs to one side: what is missing, there twice, written unusually or not readable is handed over to
/// `rtshield hook`, which parses. What a container's owner may write, such as annotations, can make it hand over, and
/// never let through.
///
/// A container that ends (`status` is `stopped`) needs nothing from rtshield if there is no ledger, or its `id` is not in
/// it.
///
/// A container that starts (`status` is `creating` or `created`) needs nothing from rtshield if neither the state nor
/// `config.json` names one of our annotations or CRI-O's, nobody asks for a scheduler, and
///
/// - there is no shield, and the administrator says nothing about containers; or
/// - it is one of a pod that has no CPUs of its own, and kubelet told it which CPUs to use.
package struct HookFilter {
    /// Whether a container is our business.
    package enum Answer: Hashable, Sendable {
        /// Certainly not.
        case nothingToDo
        /// Perhaps.
        case handOver
    }

    /// The most bytes of a state that are looked at.
    package static let largestState = 256 << 10

    private let look: (ProbePath) -> FileProbe

    /// Makes one that sees with `look`, which is asked only for what decides.
    package init(look: @escaping (ProbePath) -> FileProbe) { self.look = look }

    /// Decides about the container that the bytes on standard input describe.
    package func answer(to state: [UInt8]) -> Answer {
        guard state.count <= Self.largestState else { return .handOver }
        let state = JSONScan(state)
        guard state.isPlainObject, let status = state.value(ofOnly: "status") else { return .handOver }
        let isNone =
            if status.says("stopped") {
                holdsNothing(state)
            } else if status.says("creating") || status.says("created") {
                wantsNothing(state)
            } else {
                false
            }
        return isNone ? .nothingToDo : .handOver
    }
}

// MARK: - A container that ends

extension HookFilter {
    private func holdsNothing(_ state: JSONScan) -> Bool {
        switch look(.ledger) {
        case .nothing:
            return true
        case .text(let ledger):
            guard let id = state.value(ofOnly: "id"), !id.isEmpty else { return false }
            return !ledger.holds(quoted: id)
        case .unclear:
            return false
        }
    }
}

// MARK: - A container that starts

extension HookFilter {
    private func wantsNothing(_ state: JSONScan) -> Bool {
        guard !state.namesRequests, let bundle = state.value(ofOnly: "bundle"), bundle.first == UInt8(ascii: "/") else {
            return false
        }
        guard case .text(let configuration) = look(.configuration(bundle: Array(bundle))) else { return false }
        guard configuration.isPlainObject, !configuration.namesRequests, !configuration.holds("\"scheduler\"") else {
            return false
        }
        return isWithoutShield || configuration.hasSharedCPUsOfKubelet
    }

    /// Whether there is nothing to keep containers off, and nobody asks for it.
    private var isWithoutShield: Bool {
        guard look(.journal) == .nothing else { return false }
        return switch look(.settings) {
        case .nothing: true
        case .text(let settings): !settings.mayHave(key: "containers")
        case .unclear: false
        }
    }
}

extension JSONScan {
    /// Whether an annotation may be one that means something here; the slash behind `rtshield.io` may be written `\/`.
    fileprivate var namesRequests: Bool { holds("rtshield.io") || holds(".crio.io") }

    /// Whether it is a container of a pod that is not Guaranteed, and has the CPUs that kubelet leaves to all of those.
    ///
    /// Annotations have names that their owner chooses, and are no objects. So it is looked for behind the beginning of
    /// the object `linux`, before which Go writes the annotations, and `cpus` within the object `cpu`.
    fileprivate var hasSharedCPUsOfKubelet: Bool {
        guard let linux = rest(behindOnlyObject: "linux"), !linux.holds("\"annotations\"") else { return false }
        guard let group = linux.value(ofOnly: "cgroupsPath"), sharedGroups.contains(where: group.begins) else {
            return false
        }
        guard let cpu = linux.rest(behindOnlyObject: "cpu") else { return false }
        let members = JSONScan(cpu.bytes.prefix { $0 != UInt8(ascii: "}") })
        return members.value(ofOnly: "cpus").map { !$0.isEmpty } ?? false
    }
}

/// What the `cgroupsPath` of a pod that is not Guaranteed begins with, by kubelet's cgroup driver.
///
/// With a `cgroupRoot` of kubelet's it begins with something else, and is handed over.
private let sharedGroups: [StaticString] = [
    "kubepods-burstable-pod", "kubepods-besteffort-pod",
    "/kubepods/burstable/pod", "/kubepods/besteffort/pod",
    "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod",
    "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod",
]

extension ArraySlice<UInt8> {
    fileprivate func says(_ word: StaticString) -> Bool { elementsEqual(word.bytes) }
    fileprivate func begins(with start: StaticString) -> Bool { starts(with: start.bytes) }
}
