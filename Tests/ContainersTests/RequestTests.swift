// SPDX-License-Identifier: Apache-2.0

import Containers
import MachineKit
import ShieldKit
import Testing

@Suite("Wishes")
struct WishTests {
    private func requests(_ annotations: [String: String], process: String = "", cpu: String = "") throws -> Requests {
        var bundle = Bundle.containerd
        bundle.annotations.merge(annotations) { _, new in new }
        (bundle.process, bundle.cpu) = (process, cpu)
        return try Requests(of: bundle.container())
    }

    private func problems(_ annotations: [String: String], process: String = "") -> [String] {
        let error = #expect(throws: RequestError.self) { _ = try requests(annotations, process: process) }
        return error?.problems.map(\.description) ?? []
    }

    @Test("who says nothing requests nothing")
    func nothing() throws {
        #expect(try requests(["other.io/x": "y", "cpu-shared.crio.io/mysqld": "enable"]) == Requests())
        #expect(try requests([:]).rows == [])
    }

    // MARK: - CRI-O's

    @Test(
        "CRI-O's annotations mean what they mean there",
        arguments: [
            ("irq-load-balancing.crio.io", "disable", ["no interrupts on its CPUs"]),
            ("irq-load-balancing.crio.io", "true", ["no interrupts on its CPUs"]),
            ("irq-load-balancing.crio.io", "housekeeping", ["no interrupts on its CPUs but the first core"]),
            ("irq-load-balancing.crio.io", "enable", []),
            ("cpu-load-balancing.crio.io", "disable", ["no load balancing over its CPUs"]),
            ("cpu-load-balancing.crio.io", "true", ["no load balancing over its CPUs"]),
            ("cpu-load-balancing.crio.io", "enable", []),
            ("cpu-quota.crio.io", "disable", ["no quota"]), ("cpu-quota.crio.io", "true", ["no quota"]),
            ("cpu-quota.crio.io", "enable", []),
            ("cpu-c-states.crio.io", "enable", ["resume latency '0' for its CPUs"]),
            ("cpu-c-states.crio.io", "disable", ["resume latency 'n/a' for its CPUs"]),
            ("cpu-c-states.crio.io", "max_latency:10", ["resume latency '10' for its CPUs"]),
            ("cpu-freq-governor.crio.io", "performance", ["the governor 'performance' for its CPUs"]),
            (
                "rtshield.io/energy-performance", "balance_power",
                ["the energy-performance preference 'balance_power' for its CPUs"]
            ),
            ("rtshield.io/kernel-threads", "disable", ["no movable kernel threads on its CPUs"]),
            ("rtshield.io/kernel-threads", "enable", []),
        ] as [(String, String, [String])])
    func crio(key: String, value: String, texts: [String]) throws {
        let requests = try requests([key: value])
        #expect(requests.rows.map(\.text) == texts)
        #expect(requests.rows.allSatisfy { $0.feature.key == key })
    }

    @Test("the annotation for one container wins over that for its pod, and those for others do not count")
    func container() throws {
        let quota = ["cpu-quota.crio.io": "disable", "cpu-quota.crio.io/mysqld": "enable"]
        #expect(try requests(quota)[.quota] == .enable)
        #expect(try requests(["cpu-quota.crio.io/other": "disable"])[.quota] == nil)
        #expect(
            try requests(["rtshield.io/rt-priority.mysqld": "7", "rtshield.io/rt-priority": "5"]).realtime?.priority
                == 7)
        #expect(try requests(["rtshield.io/rt-priority.other": "7"]).realtime == nil)
        let threads = ["rtshield.io/kernel-threads": "disable", "rtshield.io/kernel-threads.mysqld": "enable"]
        #expect(try requests(threads)[.kernelThreads] == .enable)
        #expect(try requests(["rtshield.io/kernel-threads.mysqld": "disable"])[.kernelThreads] == .disable)
        #expect(try requests(["cpu-freq-governor.crio.io/mysqld": "performance"])[.governor] == nil)
    }

    // MARK: - rtshield's own

    @Test("CPUs of its own may be requested, or given up", arguments: CPURequest.allCases)
    func cpus(request: CPURequest) throws {
        #expect(try requests(["rtshield.io/cpus": request.rawValue]).cpus == request)
    }

    @Test("a priority alone lets the program set policies itself")
    func priority() throws {
        #expect(try requests(["rtshield.io/rt-priority": "50"]).realtime == RealtimeRequest(priority: 50))
    }

    @Test(
        "a policy is that of the first process",
        arguments: [("fifo", .fifo), ("rr", .rr)] as [(String, RealtimePolicy)])
    func policy(text: String, policy: RealtimePolicy) throws {
        let requests = try requests(["rtshield.io/rt-policy": text, "rtshield.io/rt-priority": "99"])
        #expect(requests.realtime == RealtimeRequest(policy: policy, priority: 99))
    }

    @Test("a budget is a time in a period, of a second unless given")
    func budget() throws {
        var annotations = ["rtshield.io/rt-priority": "1", "rtshield.io/rt-runtime": "500ms"]
        #expect(try requests(annotations).realtime?.budget == .init(runtime: 500_000_000, period: 1_000_000_000))
        annotations["rtshield.io/rt-period"] = "2s"
        #expect(try requests(annotations).realtime?.budget?.perSecond == 250_000)
        let cpu = #""realtimeRuntime": 950000, "realtimePeriod": 1000000"#
        let configured = try requests(["rtshield.io/rt-priority": "1"], cpu: cpu)
        #expect(configured.realtime?.budget?.perSecond == 950_000)
    }

    @Test("a deadline has three times, of which two will do")
    func deadline() throws {
        let base = [
            "rtshield.io/rt-policy": "deadline", "rtshield.io/rt-runtime": "100us", "rtshield.io/rt-period": "1ms",
        ]
        #expect(
            try requests(base).realtime
                == RealtimeRequest(policy: .deadline, budget: .init(runtime: 100_000, period: 1_000_000)))
        let all = base.merging(["rtshield.io/rt-deadline": "500000ns"]) { _, new in new }
        #expect(try requests(all).realtime?.budget == .init(runtime: 100_000, deadline: 500_000, period: 1_000_000))
    }

    @Test(
        "a mistake names key, value and what is accepted",
        arguments: [
            (
                ["rtshield.io/rt-prioriy": "5"],
                "'rtshield.io/rt-prioriy': no such annotation; did you mean 'rtshield.io/rt-priority'?"
            ),
            (
                ["rtshield.io/x": "5"],
                "'rtshield.io/x': no such annotation; known are rtshield.io/cpus, rtshield.io/kernel-threads, "
                    + "rtshield.io/energy-performance, rtshield.io/rt-policy, rtshield.io/rt-priority, rtshield.io/rt-runtime, rtshield.io/rt-deadline, "
                    + "rtshield.io/rt-period"
            ),
            (
                ["rtshield.io/cpus": "yes"],
                "rtshield.io/cpus: 'yes' is not understood; accepted are 'exclusive', 'shared'"
            ),
            (
                ["rtshield.io/rt-policy": "FIFO", "rtshield.io/rt-priority": "1"],
                "rtshield.io/rt-policy: 'FIFO' is not understood; accepted are 'fifo', 'rr', 'deadline'"
            ),
            (
                ["rtshield.io/rt-priority": "100"],
                "rtshield.io/rt-priority: '100' is not understood; accepted is a whole number from 1 to 99"
            ),
            (
                ["rtshield.io/rt-priority": "+5"],
                "rtshield.io/rt-priority: '+5' is not understood; accepted is a whole number from 1 to 99"
            ),
            (
                ["rtshield.io/rt-priority": "\\u001b[2J"],
                "rtshield.io/rt-priority: '\\u{1B}[2J' is not understood; accepted is a whole number from 1 to 99"
            ),
            (
                ["rtshield.io/rt-policy": "fifo"],
                "rtshield.io/rt-policy: there is no priority; add rtshield.io/rt-priority, 1 to 99"
            ),
            (
                ["rtshield.io/rt-priority": "5", "rtshield.io/rt-period": "1s"],
                "rtshield.io/rt-period: there is no time; add rtshield.io/rt-runtime"
            ),
            (
                ["rtshield.io/rt-priority": "5", "rtshield.io/rt-deadline": "1s"],
                "rtshield.io/rt-deadline: only deadlines have one; set rtshield.io/rt-policy to 'deadline'"
            ),
            (
                ["rtshield.io/rt-policy": "deadline", "rtshield.io/rt-runtime": "1ms"],
                "rtshield.io/rt-policy: a deadline needs more; add rtshield.io/rt-period, such as 10ms"
            ),
            (
                ["rtshield.io/rt-policy": "deadline", "rtshield.io/rt-runtime": "2ms", "rtshield.io/rt-period": "1ms"],
                "rtshield.io/rt-runtime: 2000000 ns do not fit into 1000000 ns; make it shorter than the deadline"
            ),
            (
                ["rtshield.io/kernel-threads": "true"],
                "rtshield.io/kernel-threads: 'true' is not understood; accepted are 'disable', 'enable'"
            ),
            (
                ["rtshield.io/energy-performance": "default"],
                "rtshield.io/energy-performance: 'default' is not understood; accepted are 'performance', "
                    + "'balance_performance', 'balance_power', 'power'"
            ),
            (
                ["irq-load-balancing.crio.io": "off"],
                "irq-load-balancing.crio.io: 'off' is not understood; accepted are 'disable', 'housekeeping', 'enable'"
            ),
            (
                ["cpu-load-balancing.crio.io/mysqld": ""],
                "cpu-load-balancing.crio.io/mysqld: '' is not understood; accepted are 'disable', 'enable'"
            ),
            (
                ["cpu-quota.crio.io": "Disable"],
                "cpu-quota.crio.io: 'Disable' is not understood; accepted are 'disable', 'enable'"
            ),
            (
                ["cpu-c-states.crio.io": "max_latency:0"],
                "cpu-c-states.crio.io: 'max_latency:0' is not understood; "
                    + "accepted are 'enable', 'disable' and 'max_latency:N' with microseconds from 1"
            ),
            (
                ["cpu-freq-governor.crio.io": "../x"],
                "cpu-freq-governor.crio.io: '../x' is not understood; accepted is the name of a governor, such as performance"
            ),
        ])
    func mistakes(annotations: [String: String], message: String) {
        #expect(problems(annotations) == [message])
    }

    @Test(
        "a time is a whole number and a unit",
        arguments: [
            "", "5", "5 us", "-5us", "1.5ms", "us", "5us ", "0us", "5s", "18446744073709551616ns",
            "18446744073709551615s", "٥us",
        ])
    func times(text: String) {
        let problems = problems(["rtshield.io/rt-priority": "5", "rtshield.io/rt-runtime": text])
        #expect(problems.count == 1)
        #expect(problems.first?.contains("accepted is a time such as 500us") == true, "\(problems)")
    }

    @Test("all mistakes are told at once")
    func several() {
        let problems = problems(["rtshield.io/a": "", "rtshield.io/cpus": "", "cpu-quota.crio.io": ""])
        #expect(
            problems.map { $0.prefix { $0 != ":" } } == ["'rtshield.io/a'", "cpu-quota.crio.io", "rtshield.io/cpus"])
    }

    // MARK: - process.scheduler

    @Test("the configuration's own scheduler is a request, and annotations win over it")
    func scheduler() throws {
        func runtimes(_ request: RealtimeRequest) -> RealtimeRequest {
            var request = request
            request.isRuntimes = true
            return request
        }
        let fifo = #""scheduler": {"policy": "SCHED_FIFO", "priority": 10}"#
        #expect(try requests([:], process: fifo).realtime == runtimes(RealtimeRequest(policy: .fifo, priority: 10)))
        #expect(try requests(["rtshield.io/rt-priority": "5"], process: fifo).realtime == RealtimeRequest(priority: 5))
        let rr = #""scheduler": {"policy": "SCHED_RR", "priority": 99}"#
        #expect(try requests([:], process: rr).realtime == runtimes(RealtimeRequest(policy: .rr, priority: 99)))
        let deadline = #""scheduler": {"policy": "SCHED_DEADLINE", "runtime": 1, "deadline": 2}"#
        #expect(
            try requests([:], process: deadline).realtime
                == runtimes(RealtimeRequest(policy: .deadline, budget: .init(runtime: 1, deadline: 2, period: 2))))
    }

    @Test("policies that are not real time ask for nothing", arguments: ["SCHED_OTHER", "SCHED_BATCH", "SCHED_IDLE"])
    func ordinary(policy: String) throws {
        #expect(try requests([:], process: #""scheduler": {"policy": "\#(policy)", "nice": 5}"#).realtime == nil)
    }

    @Test(
        "a scheduler that no kernel takes is an error",
        arguments: [
            (#"{"policy": "SCHED_FIFO"}"#, "process.scheduler.priority: 0 is none; accepted is 1 to 99"),
            (
                #"{"policy": "SCHED_RR", "priority": 100}"#,
                "process.scheduler.priority: 100 is none; accepted is 1 to 99"
            ),
            (#"{"policy": "SCHED_X"}"#, "process.scheduler.policy: 'SCHED_X' is none; such as SCHED_FIFO, sched(7)"),
            (
                #"{"policy": "SCHED_DEADLINE", "runtime": 3, "deadline": 2, "period": 4}"#,
                "process.scheduler: 0 < runtime ≤ deadline ≤ period does not hold; give all three in nanoseconds"
            ),
        ])
    func badScheduler(text: String, message: String) {
        #expect(problems([:], process: "\"scheduler\": \(text)") == [message])
    }
}
