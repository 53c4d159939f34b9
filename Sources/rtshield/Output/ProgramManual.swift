// SPDX-License-Identifier: Apache-2.0

import CommandTable

extension Program {
    /// What only the manual page tells.
    static let manual = Manual(
        description: [
            "rtshield keeps chosen CPUs free for real-time work: host processes, kernel threads and containers that asked for "
                + "no CPUs leave them, and containers that ask for them by number get them, whichever engine starts them.",
            "It works on cgroup v1, v2 and hybrid hosts, with systemd and without. Nothing is exclusive unless that is asked "
                + "for. Before each change its inverse is written to a journal, so that everything can be put back, even after "
                + "a crash.",
        ],
        exitStatus: [
            ("0", "Done"),
            ("1", "The system refused, and everything was put back"),
            ("2", "The command line was wrong, and nothing was changed"),
            ("3", "There is no shield"),
            ("4", "From check: there are warnings, and no errors; with errors it is 1"),
            ("125, 126, 127", "From run: rtshield failed, the program cannot be invoked, the program was not found"),
        ],
        files: [
            ("/run/rtshield/journal", "The inverses of what was done; rtshield destroy replays it"),
            ("/etc/rtshield/config.yaml", "What rtshield apply makes, and rtshield config check checks"),
            ("/run/rtshield/lock", "Held while a machine is changed"),
            ("/run/systemd/system/service.d/50-rtshield.conf", "The drop-in that narrows services on cgroup v2"),
        ],
        seeAlso: ["cpuset(7)", "cgroups(7)", "systemd.resource-control(5)", "runc(8)", "crun(1)"])
}
