// SPDX-License-Identifier: Apache-2.0

import Configuration
import MachineKit
import Testing

@Suite("Mistakes in a configuration")
struct ConfigurationErrorTests {
    private func error(_ text: String) throws -> ConfigurationError {
        try #require(throws: ConfigurationError.self) { try Configuration(reading: text) }
    }

    /// What is below `shield`, each line indented by two spaces.
    private func shieldError(_ lines: String) throws -> String {
        try error("shield:\n" + lines.split(separator: "\n").map { "  \($0)\n" }.joined()).description
    }

    @Test(
        "a mistake in the shield is told with its place and what to do",
        arguments: [
            ("cpus: 5-2", "2:9: cpus: '5-2': 5 is greater than 2\n  give a list such as 2-5,8"),
            ("cpus: two", "2:9: cpus: 'two' is not a CPU number or range\n  give a list such as 2-5,8"),
            ("cpus: 2,", "2:9: cpus: ends in a comma; give CPUs such as 2-5,8"),
            ("cpus:", "2:8: cpus: is empty; give CPUs such as 2-5,8"),
            (
                "cpus: [2, 3]",
                "2:9: cpus cannot be a list\n  give a list such as 2-5,8, without brackets or hyphens in front"
            ),
            ("cpus: 2\nmems: x", "3:9: mems: 'x' is not a CPU number or range\n  give a list such as 2-5,8"),
            ("placement: open", "1:1: the shield has no CPUs\n  give 'cpus: 2-5', 'cores: 2' or partitions"),
            ("partitions: {}", "1:1: the shield has no CPUs\n  give 'cpus: 2-5', 'cores: 2' or partitions"),
            ("cpus: 2\ncores: 1", "3:3: 'cpus' and 'cores' exclude each other\n  keep one of them"),
            ("cores: 1\ncpus: 2", "3:3: 'cpus' and 'cores' exclude each other\n  keep one of them"),
            ("cores: 0", "2:10: cores: 0 is out of range\n  give a number from 1 to 65535"),
            ("cores: 1.5", "2:10: cores: '1.5' is not a whole number\n  give a number from 1 to 65535"),
            ("cores: 010", "2:10: cores: '010' is not a whole number\n  give a number from 1 to 65535"),
            ("cores: +1", "2:10: cores: '+1' is not a whole number\n  give a number from 1 to 65535"),
            ("cores: {a: 1}", "2:10: cores cannot be a mapping\n  give a number from 1 to 65535"),
            ("cores: 1\nnuma: -1", "3:9: numa: -1 is out of range\n  give a number from 0 to 65535"),
            ("cpus: 2\nnuma: 0", "3:3: 'numa' says which cores, but there is no 'cores'\n  add 'cores: 2'"),
            ("cpus: 2\nsmt: off", "3:3: 'smt' says which cores, but there is no 'cores'\n  add 'cores: 2'"),
            ("cores: 1\nsmt: of", "3:8: 'of' is unknown in smt\n  did you mean 'off'?"),
            ("cores: 1\nsmt: false", "3:8: 'false' is unknown in smt\n  known are: pair, off"),
            ("cores: 1\nsmt: [off]", "3:8: smt cannot be a list\n  give one of: pair, off"),
            (
                "cpus: 2\nplacement: pool",
                "3:14: 'pool' is unknown in placement\n  known are: open, exclusive, isolated"
            ),
            ("cpus: 2\nwith: [xps, govenor]", "3:15: 'govenor' is unknown in with\n  did you mean 'governor'?"),
            (
                "cpus: 2\nwithout: [rps, xps]\nwith: xps",
                "4:9: 'xps' is in both with and without\n  keep one of them"
            ),
            (
                "cpus: 2\nwith: [xps, rps]\nwithout: [rps]",
                "4:13: 'rps' is in both with and without\n  keep one of them"
            ),
            ("cpu: 2", "2:3: 'cpu' is unknown in shield\n  did you mean 'cpus'?"),
            (
                "cpus: 2\nrealtime: 1",
                "3:3: 'realtime' is unknown in shield\n"
                    + "  known are: cpus, cores, numa, smt, placement, mems, partitions, with, without, irqs"
            ),
        ])
    func shield(lines: String, message: String) throws {
        #expect(try shieldError(lines) == message)
    }

    @Test(
        "a mistake in the partitions is told with its place and what to do",
        arguments: [
            (
                "partitions: {Audio: 2}",
                "2:16: 'Audio' cannot name a partition\n"
                    + "  use at most 32 lower-case letters, digits and '_', a letter first"
            ),
            (
                "partitions: {system: 2}",
                "2:16: 'system' is the partition of everything off the shield\n"
                    + "  choose another name; 'system' gets the CPUs that the shield leaves"
            ),
            ("partitions: {audio: x}", "2:23: audio: 'x' is not a CPU number or range\n  give a list such as 2-5,8"),
            (
                "cpus: 2-3\npartitions: {audio: '3-5'}",
                "3:23: audio: CPU 4-5 is not in the shield's cpus, 2-3\n  add it to 'cpus', or take it out here"
            ),
            ("partitions: 2", "2:15: partitions cannot be a single value\n  give names with CPUs, such as 'audio: 5'"),
            ("partitions: [2]", "2:15: partitions cannot be a list\n  give names with CPUs, such as 'audio: 5'"),
            (
                "partitions: {a: 1, a: 2}",
                "2:22: key 'a' is here a second time\n  keep this one or that in line 2"
            ),
        ])
    func partitions(lines: String, message: String) throws {
        #expect(try shieldError(lines) == message)
    }

    @Test(
        "a mistake in the rules of interrupts is told with its place and what to do",
        arguments: [
            (
                "{match: a, cpus: 1}",
                "3:9: irqs cannot be a mapping\n  give a list of rules, each starting with '- match:'"
            ),
            ("eth0", "3:9: irqs cannot be a single value\n  give a list of rules, each starting with '- match:'"),
            (
                "[eth0]",
                "3:10: a rule of irqs cannot be a single value\n  give keys with values below it, such as 'match:'"
            ),
            ("[{match: eth0}]", "3:10: the rule has no 'cpus'\n  give both 'match' and 'cpus'"),
            ("[{cpus: 1}]", "3:10: the rule has no 'match'\n  give both 'match' and 'cpus'"),
            ("[{match: a, cpus: 1, cpuss: 2}]", "3:30: 'cpuss' is unknown in a rule of irqs\n  did you mean 'cpus'?"),
            ("[{match: a, cpu: 2}]", "3:21: 'cpu' is unknown in a rule of irqs\n  did you mean 'cpus'?"),
            (
                "[{match: '', cpus: 1}]",
                "3:18: match: '' is no number or name of an interrupt\n"
                    + "  give a number such as 24, or a name such as \"eth0-*\""
            ),
            (
                #"[{match: "eth\0", cpus: 1}]"#,
                "3:18: match: 'eth\\0' is no number or name of an interrupt\n"
                    + "  give a number such as 24, or a name such as \"eth0-*\""
            ),
            (
                "[{match: [a], cpus: 1}]",
                "3:18: match cannot be a list\n  give a number such as 24, or a name such as \"eth0-*\""
            ),
            ("[{match: a, cpus: b}]", "3:27: cpus: 'b' is not a CPU number or range\n  give a list such as 2-5,8"),
            (
                "[{match: *-rx, cpus: 1}]",
                "3:18: aliases are not read\n  write the value out, or quote it if it is a text that starts with '*'"
            ),
        ])
    func interrupts(rules: String, message: String) throws {
        #expect(try shieldError("cpus: 2\nirqs: \(rules)") == message)
    }

    @Test(
        "a mistake in the real-time limits is told with its place and what to do",
        arguments: [
            ("max-priority: 100", "3:17: max-priority: 100 is out of range\n  give a number from 0 to 99"),
            ("max-priority: high", "3:17: max-priority: 'high' is not a whole number\n  give a number from 0 to 99"),
            ("max-priority:", "3:16: max-priority: '' is not a whole number\n  give a number from 0 to 99"),
            ("policies: [fifo, idle]", "3:20: 'idle' is unknown in policies\n  known are: fifo, rr, deadline"),
            ("policies: {fifo: 1}", "3:13: policies cannot be a mapping\n  give one of: fifo, rr, deadline"),
            ("above: dney", "3:10: 'dney' is unknown in above\n  did you mean 'deny'?"),
            ("runtime-us: 0", "3:15: runtime-us: 0 is out of range\n  give a number from 1 to 1000000"),
            ("runtime-us: 1000001", "3:15: runtime-us: 1000001 is out of range\n  give a number from 1 to 1000000"),
            (
                "runtime-us: 950_000",
                "3:15: runtime-us: '950_000' is not a whole number\n  give a number from 1 to 1000000"
            ),
            (
                "max-prio: 5",
                "3:3: 'max-prio' is unknown in realtime\n  known are: max-priority, policies, above, runtime-us, who"
            ),
            ("who: docker", "3:8: who cannot be a single value\n  give a list, such as '- {engine: docker}'"),
            (
                "who: [docker]",
                "3:9: an entry of who cannot be a single value\n  give keys with values below it, such as 'engine:'"
            ),
            (
                "who: [{}]",
                "3:9: this entry describes nothing\n  give at least one of: engine, namespace, image, annotation"
            ),
            ("who: [{engine: dokcer}]", "3:18: 'dokcer' is unknown in engine\n  did you mean 'docker'?"),
            (
                "who: [{user: me}]",
                "3:10: 'user' is unknown in an entry of who\n  known are: engine, namespace, image, annotation"
            ),
            (
                "who: [{image: ''}]",
                "3:17: image: '' describes nothing\n  give a text, in which '*' stands for any, such as */control-loop:*"
            ),
            ("who: [{annotation: =x}]", "3:22: annotation: '=x' has no key\n  give KEY or KEY=VALUE"),
            ("max_priority: 5", "3:3: 'max_priority' is unknown in realtime\n  did you mean 'max-priority'?"),
        ])
    func realtime(line: String, message: String) throws {
        #expect(try error("shield: {cpus: 2}\nrealtime:\n  \(line)\n").description == message)
    }

    @Test(
        "a mistake in how containers are started is told with its place and what to do",
        arguments: [
            (
                "runtime: crun",
                "3:12: runtime: 'crun' is no absolute path of a program\n  give its whole path, such as /usr/bin/runc"
            ),
            ("runtime: [/a]", "3:12: runtime cannot be a list\n  give its whole path, such as /usr/bin/runc"),
            ("open-seccomp: yes", "3:17: 'yes' is unknown in open-seccomp\n  known are: true, false"),
            ("runtme: /a", "3:3: 'runtme' is unknown in containers\n  did you mean 'runtime'?"),
        ])
    func containers(line: String, message: String) throws {
        let text = "shield: {cpus: 2}\ncontainers:\n  \(line)\n"
        #expect(try error(text).description == message)
        let error = #expect(throws: ConfigurationError.self) {
            _ = try ContainersConfiguration(reading: Array(text.utf8))
        }
        #expect(error?.description == message)
    }

    @Test(
        "a mistake in the file as a whole is told with its place and what to do",
        arguments: [
            ("", "1:1: there is no 'shield'\n  add 'shield:' and below it, indented, 'cpus: 2-5'"),
            ("# shield:\n", "1:1: there is no 'shield'\n  add 'shield:' and below it, indented, 'cpus: 2-5'"),
            ("\n{}\n", "2:1: there is no 'shield'\n  add 'shield:' and below it, indented, 'cpus: 2-5'"),
            (
                "realtim:\n  max-priority: 1",
                "1:1: 'realtim' is unknown in the configuration\n  did you mean 'realtime'?"
            ),
            ("shild:\n  cpus: 2", "1:1: 'shild' is unknown in the configuration\n  did you mean 'shield'?"),
            ("shield:", "1:1: the shield has no CPUs\n  give 'cpus: 2-5', 'cores: 2' or partitions"),
            (
                "2-5",
                "1:1: the configuration cannot be a single value\n  give keys with values below it, such as 'shield:'"
            ),
            (
                "- shield: 2",
                "1:1: the configuration cannot be a list\n  give keys with values below it, such as 'shield:'"
            ),
            ("shield: 2-5", "1:9: shield cannot be a single value\n  give keys with values below it, such as 'cpus:'"),
            ("shield:\n\tcpus: 2", "2:1: a tab cannot indent\n  indent with spaces"),
            (
                "shield: {cpus: 2}\n---\nshield: {cpus: 3}",
                "2:1: a second document starts here\n  keep one document, and no other '---'"
            ),
            (
                "shield: {cpus: 2}\nshield: {cpus: 3}",
                "2:1: key 'shield' is here a second time\n  keep this one or that in line 1"
            ),
            (
                "shield: {cpus: \u{0}}",
                "1:16: control characters are not allowed\n  save the text as UTF-8 without control characters"
            ),
        ])
    func whole(text: String, message: String) throws {
        #expect(try error(text).description == message)
    }

    @Test("bytes that are no UTF-8 are a mistake, not something else")
    func noText() throws {
        let bytes = Array("shield:\n  cpus: ".utf8) + [0xFF]
        let error = try #require(throws: ConfigurationError.self) { try Configuration(reading: bytes) }
        #expect(
            error.description
                == "2:9: invalid leading UTF-8 octet\n  save the text as UTF-8 without control characters")
    }

    @Test("a text of more than 1 MiB is refused")
    func huge() throws {
        let error = try error("shield: {cpus: 2}\n" + String(repeating: "# long\n", count: 150_000))
        #expect(error.description == "1:1: the text is larger than 1 MiB\n  make it shorter")
    }

    @Test("all mistakes are told, in the order of the text")
    func all() throws {
        let text = """
            realtime:
              max-priority: 100
            colour: red
            shield:
              smt: off
              irqs:
                - match: a
              cpus: 5-2
              with: [a, xps]
              without: xps
            """
        let problems = try error(text).problems
        #expect(problems.map { "\($0.line):\($0.column)" } == ["2:17", "3:1", "5:3", "7:7", "8:9", "9:10", "10:12"])
        #expect(problems[1].message == "'colour' is unknown in the configuration")
        #expect(problems[1].hint == "known are: shield, realtime, containers")
    }

    @Test("a message is one short line, whatever was written", .timeLimit(.minutes(1)))
    func shortMessages() throws {
        for word in [#""\e[2J\n""#, "\"\\u202e\"", String(repeating: "é", count: 400_000)] {
            for key in ["cpus", "cores", "smt", "with", "placement", "mems"] {
                let error = try error("shield:\n  \(key): \(word)\n")
                for problem in error.problems {
                    #expect(problem.message.count < 120)
                    #expect(problem.description.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" })
                    #expect(!problem.description.unicodeScalars.contains("\u{202e}"))
                }
            }
        }
    }

    @Test(
        "what would keep every container with CPUs of its own from starting is a mistake",
        arguments: [
            ("exclusive: {rt-priority: 40}", "rt-priority: 40 is above realtime.max-priority, 0"),
            ("exclusive: {kernel-threads: enable}", "'enable' is unknown in kernel-threads"),
            ("exclusive: {governor: ../x}", "governor: '../x' is none"),
            ("exclusive: {energy-performance: balanced}", "'balanced' is unknown in energy-performance"),
            ("exclusive: {rt-policy: fifo}", "rt-policy: there is no priority"),
            ("hook-seconds: 0", "hook-seconds: 0 is out of range"),
        ])
    func containers(_ line: String, _ message: String) throws {
        let text = try error("containers:\n  \(line)\n").description
        #expect(text.contains(message), "\(text)")
    }

    @Test("keys below exclusive with nothing behind them say nothing")
    func empty() throws {
        let lines = [
            "irqs", "kernel-threads", "load-balancing", "quota", "governor", "energy-performance", "rt-priority",
            "rt-policy",
        ]
        .map { "    \($0):\n" }
        let configuration = try Configuration(reading: "containers:\n  exclusive:\n" + lines.joined())
        #expect(configuration == Configuration())
    }
}
