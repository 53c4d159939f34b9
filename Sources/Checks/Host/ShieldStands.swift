// SPDX-License-Identifier: Apache-2.0

import Reports
import ShieldKit

extension Rule {
    static let shieldStands = Rule(
        "shield", .host,
        title: "The shield stands as it was made",
        why:
            "A shield that was interrupted, or that others changed since, keeps CPUs less quiet than it says. "
            + "'rtshield status' tells each thing by itself.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset"
    ) { evidence in
        guard let journal = evidence.journal else { return [] }
        let report = ShieldReport(of: evidence.machine, host: evidence.host, journal: journal)
        guard report.state != .interrupted else {
            return [
                .error(
                    "making or changing the shield was interrupted", wanted: "a shield that is whole, or none",
                    fix: "rtshield destroy")
            ]
        }
        let problems = report.findings.filter { $0.severity >= .warning }
        guard let first = problems.first else { return [.ok("rtshield status has nothing to complain of")] }
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        let what = "rtshield status tells of \(count), the first: \(first.what)"
        let fix = "rtshield reconcile; rtshield status"
        return first.severity == .error
            ? [.error(what, wanted: "none", fix: fix)] : [.warning(what, wanted: "none", fix: fix)]
    }
}
