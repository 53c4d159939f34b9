# A shield on every layout: made, kept, resized, used, and removed without a trace.
# machines: v1-* v2-* hybrid-*
# limit: 600

bats_require_minimum_version 1.5.0
load ../lib/guest

setup_file() {
    snapshot_host "$BATS_FILE_TMPDIR/before"
    export BEFORE=$BATS_FILE_TMPDIR/before
}

# The kernel takes no empty list for a v2 group with tasks (docs/decisions/0005): every CPU stands for it.
same_as_before() {
    local unsaid=
    [[ $(cpuset_version) == v1 ]] || unsaid='^group .*/cpuset[.]cpus = (0-7)?$'
    same_host "$BEFORE" "$1" "$unsaid"
}

@test "a dry run names the strategy and each write, and changes nothing" {
    run rtshield create --cpus 2-5 --dry-run
    [[ $status -eq 0 && $output == *"Strategy "* && $output == *"2-5"* ]]
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after"
    [[ ! -e /run/rtshield/journal ]]
}

@test "status without a shield exits 3" {
    run rtshield status
    equal "$status" 3
}

@test "the wrong command lines are refused with one clear line, and nothing changes" {
    local list
    for list in 5-2 9-12 '' a '2-5,' 0-4294967295 0-7; do
        run rtshield create --cpus "$list"
        equal "$status" 2 "the exit status for --cpus '$list'"
        [[ ${lines[0]} == "rtshield: "* ]]
    done
    run rtshield create --cups 2-5
    equal "$status" 2
    [[ $output == *"did you mean '--cpus'"* ]]
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after"
}

@test "create takes every movable task off the shield" {
    run rtshield create --cpus 2-5
    echo "$output"
    equal "$status" 0
    shielded 2-5
}

@test "a second create changes nothing" {
    snapshot_host "$BATS_TEST_TMPDIR/before"
    run rtshield create --cpus 2-5
    equal "$status" 0
    [[ $output == *"nothing was changed"* ]] || { echo "$output" && false; }
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

@test "status draws the shield" {
    run rtshield status
    echo "$output"
    equal "$status" 0
    [[ $output == *system* && $output == *user* && $output == *docker* ]]
    rtshield status --json | jq -e '.shield.cpus == "2-5"'
}

@test "run starts a program on the shield, in place, with its own exit status" {
    equal "$(rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 2-5
    equal "$(rtshield run --partition docker -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 2-5
    run rtshield run -- sh -c 'exit 7'
    equal "$status" 7
    run -127 rtshield run -- /no/such/program
    run -126 rtshield run -- /etc/passwd
    run rtshield run --partition nothing -- true
    equal "$status" 125
    sh -c 'echo $$; exec rtshield run -- sh -c "echo \$\$"' >"$BATS_TEST_TMPDIR/pids"
    equal "$(uniq "$BATS_TEST_TMPDIR/pids" | wc -l)" 1 "the number of process ids"
}

@test "what forks while it is moved is moved whole" {
    rtshield destroy
    for _ in 1 2 3 4 5 6 7 8; do
        # Each parent keeps forking short-lived children and leaves long-lived ones behind.
        (trap 'kill $(jobs -p) 2>/dev/null; exit' TERM
            for _ in $(seq 1 15); do sleep 300 & /bin/true; done; wait) 3>&- &
    done
    rtshield create --cpus 2-5
    shielded 2-5
    # shellcheck disable=SC2046  # each is a word of its own
    kill $(jobs -p)
    wait
    pkill -x sleep || true
}

@test "two rtshields wait for each other" {
    rtshield create --cpus 2-5 & rtshield create --cpus 2-5 & rtshield reconcile &
    wait %1 && wait %2 && wait %3
    shielded 2-5
}

@test "resizing never leaves a CPU unshielded that both shields hold" {
    # The watcher stops at the first moment in which a movable task may use CPU 3 or 4.
    (while [[ ! -e $BATS_TEST_TMPDIR/stop ]]; do shielded 3-4 || touch "$BATS_TEST_TMPDIR/leak"; done) 3>&- >"$BATS_TEST_TMPDIR/watch" &
    rtshield create --cpus 3-6
    shielded 3-6
    rtshield create --cpus 2-5
    touch "$BATS_TEST_TMPDIR/stop"
    wait
    [[ ! -e $BATS_TEST_TMPDIR/leak ]] || { cat "$BATS_TEST_TMPDIR/watch" && false; }
    shielded 2-5
    equal "$(rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 2-5
}

@test "partitions of their own share out the shield" {
    rtshield create --cpus 2-5 --user-cpus 2 --docker-cpus 3-4 --partition audio=5
    equal "$(rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 2
    equal "$(rtshield run -p docker -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 3-4
    equal "$(rtshield run -p audio -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 5
}

@test "destroy puts everything back" {
    run rtshield destroy
    echo "$output"
    equal "$status" 0
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_as_before "$BATS_TEST_TMPDIR/after"
    [[ ! -e /run/rtshield/journal ]]
    run rtshield destroy
    equal "$status" 3
}

@test "a program that runs on the shield survives destroy" {
    rtshield create --cpus 2-5
    rtshield run -- sleep 1000 3>&- &
    local pid=$!
    eventually 10 eval '[[ $(cpus_of '$pid') == 2-5 && $(cat /proc/'$pid'/comm) == sleep ]]'
    rtshield destroy
    equal "$(cpus_of $pid)" 0-7
    kill $pid
}

@test "affinities that tasks chose for themselves are theirs again" {
    taskset -c 1 sleep 1000 3>&- & local inside=$!
    taskset -c 3,6 sleep 1000 3>&- & local across=$!
    taskset -c 4 sleep 1000 3>&- & local on=$!
    eventually 5 eval '[[ $(cpus_of '$on') == 4 ]]'
    rtshield create --cpus 2-5
    equal "$(cpus_of $inside)" 1
    equal "$(cpus_of $across)" 6
    equal "$(cpus_of $on)" 0-1,6-7
    rtshield destroy
    equal "$(cpus_of $inside)" 1
    equal "$(cpus_of $across)" 3,6
    equal "$(cpus_of $on)" 4
    kill $inside $across $on
}

@test "an ordinary user is told which capability is missing" {
    run setpriv --reuid 1000 --clear-groups --bounding-set -all --inh-caps -all "$(command -v rtshield)" create --cpus 2-5
    equal "$status" 1
    [[ $output == *cap_sys_nice* ]]
}
