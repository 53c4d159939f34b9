# What newer runtimes read of config.json is theirs to give: a hook beside it neither undoes it nor takes it away.
# machines: v2-systemd-7.2
# limit: 600

load ../lib/guest

setup_file() {
    write_configuration "  exclusive: {rt-priority: 30, rt-policy: fifo}"
    rtshield create --cpus 2-5
}

teardown_file() {
    local id
    for id in $(granted); do runc delete --force "$id" || crun delete --force "$id" || true; done
    rtshield destroy
    rm -r /etc/rtshield
}

# A test that failed leaves nothing to the next.
teardown() { [[ ${BATS_TEST_COMPLETED-} ]] || runc delete --force rt || crun delete --force rt || true; }

# Starts `rt` on CPUs of its own: started RUNTIME FILTER.
started() { by_hand "$1" rt ".linux.resources.cpu.cpus = \"2-3\" | $2"; }
ended() { "$1" delete --force rt; }
nice_of() { awk '{ sub(/^.*\) /, ""); print $17 }' "/proc/$1/stat"; }

@test "the runtimes are those that read it" {
    (($(major_of runc) >= 103 && $(major_of crun) >= 119))
}

@test "a scheduler and a priority of input and output stay, and the container gets its ceiling beside them" {
    local runtime pid
    for runtime in runc crun; do
        started "$runtime" '.process.scheduler = {policy: "SCHED_BATCH", nice: 5} |
            .process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 6}'
        pid=$(pid_by_hand "$runtime" rt)
        equal "$(scheduling_of "$pid") $(nice_of "$pid")" "SCHED_BATCH 0 5" "$runtime: its scheduling"
        equal "$(ionice -p "$pid")" "best-effort: prio 6" "$runtime: its input and output"
        equal "$(priority_limit_of "$pid") $(cpus_of "$pid")" "30 2-3" "$runtime: its ceiling and its CPUs"
        ended "$runtime"
    done
}

@test "a real-time scheduler keeps its policy and its flags" {
    local runtime pid
    for runtime in runc crun; do
        started "$runtime" '.process.scheduler = {policy: "SCHED_RR", priority: 20, flags: ["SCHED_FLAG_RESET_ON_FORK"]}'
        pid=$(pid_by_hand "$runtime" rt)
        equal "$(scheduling_of "$pid") $(priority_limit_of "$pid")" "SCHED_RR|SCHED_RESET_ON_FORK 20 20" "$runtime"
        ended "$runtime"
    done
}

@test "one above the limits is denied beside any annotation, and one that an annotation contradicts too" {
    run started runc '.process.scheduler = {policy: "SCHED_FIFO", priority: 60} | .annotations["rtshield.io/rt-priority"] = "5"'
    echo "$output"
    [[ $status -ne 0 && $output == *"priority 60 is above realtime.max-priority, 50"* ]]
    run started runc ".process.scheduler = {policy: \"SCHED_BATCH\"} | $(rt_annotations 40)"
    echo "$output"
    [[ $status -ne 0 && $output == *"rt-policy asks for 'fifo', and process.scheduler of its configuration for 'SCHED_BATCH'"* ]]
    equal "$(granted)" ""
}

@test "exec starts where execCPUAffinity says, while the program has real time on its CPUs" {
    local runtime
    for runtime in runc crun; do
        started "$runtime" '.process.execCPUAffinity = {initial: "0", final: "2"}'
        equal "$(scheduling_of "$(pid_by_hand "$runtime" rt)")" "SCHED_FIFO 30"
        "$runtime" exec rt sh -c "$PRINT_CPUS" >"$BATS_TEST_TMPDIR/$runtime"
        ended "$runtime"
    done
    equal "$(cat "$BATS_TEST_TMPDIR/runc")" 2 "where runc's exec runs"
    # crun 1.28 heeds it for a process that exec is told of as a whole, and runs others on all CPUs of the container.
    [[ $(cat "$BATS_TEST_TMPDIR/crun") == 2 || $(cat "$BATS_TEST_TMPDIR/crun") == 2-3 ]]
}

@test "idle and burst stay with a container that is kept off the shield" {
    local group
    by_hand runc rt '.linux.resources.cpu = {idle: 1}'
    group=$(cpuset_root)$(group_of "$(pid_by_hand runc rt)")
    equal "$(cat "$group/cpu.idle") $(cat "$group/cpuset.cpus")" "1 $HOUSEKEEPING"
    ended runc
    by_hand runc rt '.linux.resources.cpu = {quota: 50000, period: 100000, burst: 20000}'
    group=$(cpuset_root)$(group_of "$(pid_by_hand runc rt)")
    equal "$(cat "$group/cpu.max") $(cat "$group/cpu.max.burst")" "50000 100000 20000"
    ended runc
}

@test "the runtime in front leaves all of these fields as they are" {
    local fields='[.process.scheduler, .process.ioPriority, .process.execCPUAffinity, .linux.resources.cpu, .linux.memoryPolicy]'
    bundle /run/guest/bundle-rt '.process.args = ["sleep", "100000"] | .linux.cgroupsPath = "/docker/rt" |
        .process.scheduler = {policy: "SCHED_BATCH", nice: 5} | .process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 6} |
        .process.execCPUAffinity = {initial: "0", final: "2"} | .linux.resources.cpu = {cpus: "2-3", burst: 0} |
        .linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0"}'
    jq -c "$fields" /run/guest/bundle-rt/config.json >"$BATS_TEST_TMPDIR/before"
    rtshield-runtime run --detach --bundle /run/guest/bundle-rt rt </dev/null &>/run/guest/said-rt 3>&- || {
        cat /run/guest/said-rt
        return 1
    }
    equal "$(jq -c "$fields" /run/guest/bundle-rt/config.json)" "$(cat "$BATS_TEST_TMPDIR/before")"
    equal "$(jq '.hooks.createRuntime | length' /run/guest/bundle-rt/config.json)" 1
    equal "$(scheduling_of "$(pid_by_hand runc rt)")" "SCHED_BATCH 0"
    ended runc
}
