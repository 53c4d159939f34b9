// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// How much of something a process may use.
package struct ResourceLimit: Hashable, Sendable {
    /// No bound at all.
    ///
    /// The corresponding C constant is `RLIM_INFINITY`.
    package static let unlimited = UInt64.max

    /// What holds now; the process may move it between nothing and ``hard``.
    package var soft: UInt64
    /// The most that the process may give itself.
    package var hard: UInt64

    /// Takes the two bounds, each in the unit of the resource.
    package init(soft: UInt64, hard: UInt64) {
        self.soft = soft
        self.hard = hard
    }
}

extension ResourceLimit {
    /// What is limited.
    package enum Resource: Hashable, Sendable, CaseIterable {
        /// The highest real-time priority, from 1 to 99, that a process without the right to more may take.
        ///
        /// The corresponding C constant is `RLIMIT_RTPRIO`.
        case realTimePriority
        /// How long a real-time task may run without ever waiting, in microseconds.
        ///
        /// The corresponding C constant is `RLIMIT_RTTIME`.
        case realTimeRun
        /// How much memory a process may lock, in bytes.
        ///
        /// The corresponding C constant is `RLIMIT_MEMLOCK`.
        case lockedMemory

        fileprivate var number: Int32 {
            switch self {
            case .realTimePriority: Int32(__RLIMIT_RTPRIO.rawValue)
            case .realTimeRun: Int32(__RLIMIT_RTTIME.rawValue)
            case .lockedMemory: Int32(__RLIMIT_MEMLOCK.rawValue)
            }
        }
    }

    /// Reads a limit of a process, be it another one.
    ///
    /// - Parameters:
    ///   - resource: What is limited.
    ///   - process: The number of the process, or 0 for this one.
    /// - Returns: The limit.
    /// - Throws: ``Errno/noSuchProcess`` if it has ended, ``Errno/notPermitted`` without the right to see it.
    ///
    /// The corresponding C function is `prlimit`.
    package static func of(_ resource: Resource, process: Int32) throws(Errno) -> ResourceLimit {
        var limit = clinux_limit()
        _ = try call { unsafe clinux_prlimit(process, resource.number, nil, &limit) }
        return ResourceLimit(soft: limit.soft, hard: limit.hard)
    }

    /// Sets a limit of a process, be it another one, for all its threads.
    ///
    /// - Parameters:
    ///   - resource: What is limited.
    ///   - process: The number of the process, or 0 for this one.
    /// - Returns: The limit that held before, read in the same call.
    /// - Throws: ``Errno/invalidArgument`` if ``soft`` is above ``hard``, ``Errno/notPermitted`` without the right,
    ///   ``Errno/noSuchProcess`` if the process has ended.
    ///
    /// The corresponding C function is `prlimit`.
    @discardableResult
    package func set(_ resource: Resource, process: Int32) throws(Errno) -> ResourceLimit {
        var limit = clinux_limit(soft: soft, hard: hard)
        var before = clinux_limit()
        _ = try call { unsafe clinux_prlimit(process, resource.number, &limit, &before) }
        return ResourceLimit(soft: before.soft, hard: before.hard)
    }
}
