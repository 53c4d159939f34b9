# Grants on a machine without a shield: interrupts, load balancing, quota and deadlines, many at once, and every bad end.
# machines: v1-plain-6.1 v2-plain-6.12 v2-plain-7.2
# limit: 600

load ../lib/guest

setup_file() {
    net_up
    write_configuration
    # The group that all share is left behind by the first one.
    by_hand runc first . && runc delete --force first
    export BEFORE=$BATS_FILE_TMPDIR/before
    snapshot_host "$BEFORE"
}

teardown_file() { rm -r /etc/rtshield; }

# A test that failed leaves nothing to the next.
teardown() {
    [[ ! ${BATS_TEST_COMPLETED-} ]] || return 0
    local id
    for id in $(granted); do runc delete --force "$id" || crun delete --force "$id" || true; done
    rtshield reconcile || true
}

as_before() {
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after"
}

OWN='.annotations += {"rtshield.io/cpus": "exclusive"} | .linux.resources.cpu.cpus = "3"'
QUIET="$OWN"' | .annotations += {"irq-load-balancing.crio.io": "disable"}'
VACANT="$OWN"' | .annotations += {"rtshield.io/kernel-threads": "disable"}'
ISOLATED="$OWN"' | .annotations += {"cpu-load-balancing.crio.io": "disable"}'

# Prints the interrupts of drivers that may go to CPU 3 although the kernel lets them be moved.
irqs_on_3() {
    local irq mask
    for irq in $(irqs_named .); do
        mask=$(<"/proc/irq/$irq/smp_affinity_list")
        overlap "$mask" 3 || continue
        ! { echo "$mask" >"/proc/irq/$irq/smp_affinity_list"; } 2>/dev/null || echo "$irq $mask"
    done
}

@test "interrupts leave the CPUs of a container, and come back after the last one that wanted it" {
    by_hand runc one "$QUIET"
    equal "$(irqs_on_3)" ""
    equal "$(</proc/irq/default_smp_affinity)" f7
    # Another one comes before the first one is gone, as replacements do.
    by_hand crun two "$QUIET"
    runc delete --force one
    equal "$(irqs_on_3)" ""
    crun delete --force two
    as_before
}

@test "movable kernel threads leave the CPUs of a container, and come back" {
    local before
    before=$(kernel_threads_on 3)
    [[ -n $before ]]
    by_hand runc one "$VACANT"
    equal "$(kernel_threads_on 3)" ""
    # Another one comes before the first one is gone, as replacements do.
    by_hand crun two "$VACANT"
    runc delete --force one
    equal "$(kernel_threads_on 3)" ""
    # Nothing moves twice: a look finds all as it is to be.
    rtshield reconcile
    equal "$(kernel_threads_on 3)" ""
    crun delete --force two
    as_before
}

@test "load balancing ends where the kernel can end it, and else the container does not start" {
    run by_hand runc one "$ISOLATED"
    echo "$output"
    case $GUEST_CGROUP-$(kernel_from 6.7 && echo new) in
        v1-*) [[ $status -ne 0 && $output == *"sched_load_balance is 1"* ]] ;;
        v2-) [[ $status -ne 0 && $output == *"isolated invalid"*"Linux 6.7"* ]] ;;
        *)
            [[ $status -eq 0 ]]
            equal "$(</sys/fs/cgroup/docker/one/cpuset.cpus.partition)" isolated
            equal "$(</sys/fs/cgroup/cpuset.cpus.isolated)" 3
            runc delete --force one
            equal "$(</sys/fs/cgroup/docker/cpuset.cpus.exclusive)" ""
            equal "$(</sys/fs/cgroup/cpuset.cpus.isolated)" ""
            ;;
    esac
    equal "$(granted)" ""
    as_before
}

@test "on v1 the flag counts where nothing above balances" {
    [[ $(cpuset_version) == v1 ]] || skip "there is no flag"
    local root
    root=$(cpuset_root)
    echo 0 >"$root/cpuset.sched_load_balance"
    echo 0 >"$root/docker/cpuset.sched_load_balance"
    by_hand runc one "$ISOLATED"
    equal "$(<"$root/docker/one/cpuset.sched_load_balance")" 0
    runc delete --force one
    echo 1 >"$root/docker/cpuset.sched_load_balance"
    echo 1 >"$root/cpuset.sched_load_balance"
    as_before
}

@test "a quota ends" {
    by_hand runc one "$OWN | .annotations += {\"cpu-quota.crio.io\": \"disable\"} | .linux.resources.cpu.quota = 50000 |
        .linux.resources.cpu.period = 100000"
    if [[ $(cpuset_version) == v1 ]]; then
        equal "$(</sys/fs/cgroup/cpu/docker/one/cpu.cfs_quota_us)" -1
    else
        equal "$(</sys/fs/cgroup/docker/one/cpu.max)" "max 100000"
    fi
    runc delete --force one
}

@test "a deadline is given where the kernel admits it, and else the kernel's reason is" {
    local deadline='.annotations += {"rtshield.io/rt-policy": "deadline", "rtshield.io/rt-runtime": "2ms",
        "rtshield.io/rt-period": "10ms"}'
    run by_hand runc one "$OWN | $deadline"
    echo "$output"
    [[ $status -ne 0 && $output == *"cpu-load-balancing.crio.io"* ]]
    [[ $(cpuset_version) == v2 ]] && kernel_from 6.7 || return 0
    by_hand runc one "$ISOLATED | $deadline"
    [[ $(scheduling_of "$(pid_by_hand runc one)") == SCHED_DEADLINE* ]]
    runc delete --force one
    as_before
}

@test "no more real time is given out than CPUs have" {
    local half='.annotations += {"rtshield.io/rt-priority": "40", "rtshield.io/rt-runtime": "600ms"}'
    by_hand runc one "$OWN | $half"
    run by_hand runc two "$OWN | $half"
    echo "$output"
    [[ $status -ne 0 && $output == *"600000 µs of each second"* ]]
    equal "$(granted)" one
    runc delete --force one
}

@test "fifty at once are all granted, and all given back" {
    local names process
    names=$(printf 'c%s\n' {1..50})
    hooked_bundle fifty "$QUIET"' | .annotations += {"rtshield.io/rt-priority": "40"}'
    at_once run --detach --bundle /run/guest/bundle-fifty
    equal "$(granted | sort -V)" "$names"
    for process in $(rtshield ps --json | jq '.[].process'); do equal "$(priority_limit_of "$process")" 40 "$process"; done
    equal "$(irqs_on_3)" ""
    at_once delete --force
    equal "$(granted)" ""
    as_before
}

# Has runc do something with fifty containers, all at once: at_once WORDS…
at_once() {
    local number pids=()
    for number in {1..50}; do
        runc "$@" "c$number" </dev/null &>"/run/guest/said-c$number" 3>&- &
        pids+=($!)
    done
    wait "${pids[@]}"
}

@test "a hook that is killed at any change leaves nothing that reconcile does not put back" {
    local change killed=0
    for change in write:2 write:3 write:5 write:9 write:17 sched_setaffinity:1 sched_setaffinity:5; do
        bundle /run/guest/bundle-torn "$QUIET | $VACANT"' | .linux.cgroupsPath = "/docker/torn" | .process.args = ["sleep", "1000"] |
            .hooks.createRuntime = [{ path: "/usr/bin/strace", args: ["strace", "-qq", "-f", "-o", "/dev/null", "-e",
                "trace='"${change%:*}"'", "-e", "inject='"${change/:/:signal=KILL:when=}"'", "/usr/local/bin/rtshield", "hook"] }]'
        runc run --detach --bundle /run/guest/bundle-torn torn </dev/null 3>&- || killed=$((killed + 1))
        runc delete --force torn || true
        rtshield reconcile || [[ $? -eq 3 ]]
        equal "$(granted)" "" "what is granted after $change"
        as_before
    done
    ((killed >= 5))
}

@test "a ledger of another boot counts for nothing" {
    # Masks are as the kernel makes them after a boot, so that this one is to leave them alone.
    by_hand runc one "$OWN"
    sed -i 's/"bootID":"[^"]*"/"bootID":"another"/' /run/rtshield/ledger
    equal "$(granted)" ""
    runc delete --force one
    by_hand runc two "$OWN"
    equal "$(granted)" two
    runc delete --force two
}

# What a runtime would see: told STATE prints the exit status and what the hook said.
told() {
    local said status=0
    said=$(rtshield-hook <<<"$1" 2>&1) || status=$?
    echo "$status $said"
}

@test "what no honest runtime says is refused in one line, and changes nothing" {
    local state='{"ociVersion":"1.0.2","id":"x","status":"created","pid":1,"bundle":"/run/guest/none","annotations":'
    [[ $(told '') == 1\ *"state"* ]]
    [[ $(told '{"ociVersion":"1.0') == 1\ *"state"* ]]
    [[ $(told "$state"'{"rtshield.io/cpus":"exclusive"}}') == 1\ *"/run/guest/none"* ]]
    # Nothing is requested, so nothing is missed.
    [[ $(told "$state"'{}}') == "0 " ]]
    ln -sf /etc/passwd /run/guest/config.json
    [[ $(told "${state/\/none/}"'{"rtshield.io/cpus":"exclusive"}}') == 1\ *"symbolic link"* ]]
    rm /run/guest/config.json
    [[ $(told "$state{\"rtshield.io/x\":\"$(head -c 10M /dev/zero | tr '\0' x)\"}}") == 1\ *MiB* ]]
    equal "$(granted)" ""
}
