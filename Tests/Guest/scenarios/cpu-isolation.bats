# The kernel's own guide to isolation, Documentation/admin-guide/cpu-isolation.rst, "Full isolation example", with rtshield in the
# place of its script: booted with what it says, CPU 7 ends in the trace that it shows, of one line.
# machines: isolation-*
# limit: 600

load ../lib/guest

setup_file() {
    export TRACING=/sys/kernel/tracing
    mountpoint -q "$TRACING" || mount -t tracefs tracefs "$TRACING"
    export BEFORE=$BATS_FILE_TMPDIR/before
    snapshot_host "$BEFORE"
}

teardown_file() {
    echo 0 >"$TRACING/tracing_on"
    echo 0 >"$TRACING/events/enable"
    rtshield destroy || true
}

# The masks of kernel threads that may move, and how many have each.
thread_masks() {
    printf '%s\n' /proc/[0-9]* | awk '{
        path = $0
        if ((getline stat < (path "/stat")) <= 0) next
        close(path "/stat")
        sub(/^.*\) /, "", stat); split(stat, field, " ")
        # PF_KTHREAD without PF_NO_SETAFFINITY
        if (!(int(field[7] / 2097152) % 2) || int(field[7] / 67108864) % 2) next
        while ((getline line < (path "/status")) > 0) if (sub(/^Cpus_allowed_list:\t/, "", line)) print line
        close(path "/status")
    }' | sort -u
}

@test "the machine is booted as the guide says" {
    equal "$(cat /sys/devices/system/cpu/nohz_full)" 7
    grep -q 'isolcpus=managed_irq,7' /proc/cmdline
    equal "$(cat /proc/irq/default_smp_affinity)" 7f
}

@test "what the kernel does for an isolated CPU is left to it, and said" {
    run rtshield create --cpus 7 --isolated --dry-run
    echo "$output"
    equal "$status" 0
    [[ $output == *"Left to the kernel"*"workqueues, kernel-threads, timer-migration, vmstat"* ]]
    [[ $output != *"workqueue/cpumask"* && $output != *timer_migration:* ]]
    # khugepaged asks every CPU that was active for the pages that it holds back (lru_add_drain_all), by work that is bound to it.
    run rtshield create --cpus 7 --isolated --with huge-pages
    echo "$output"
    equal "$status" 0
    # The sweep found nothing that the kernel had left.
    [[ $output == *" 0 narrowed"* ]]
    equal "$(cat "$(cpuset_root)/cpuset.cpus.isolated")" 7
    equal "$(cat /sys/devices/virtual/workqueue/cpumask)" 7f
    equal "$(thread_masks)" 0-6 "where movable kernel threads may run"
    equal "$(cat /proc/sys/kernel/timer_migration) $(cat /proc/sys/vm/stat_interval)" "1 1"
    rtshield status
    equal "$(rtshield status --json | jq -c .leftToKernel)" '["workqueues","kernel-threads","timer-migration","vmstat"]'
    rtshield status --json | jq -e '[.findings[] | select(.severity == "error" or .severity == "warning")] == []'
}

@test "a kernel thread that is born now stays off, too" {
    modprobe brd rd_nr=1 rd_size=16384 || modprobe loop || true
    equal "$(thread_masks)" 0-6 "where movable kernel threads may run"
}

@test "a loop on the isolated CPU is disturbed by nothing" {
    local attempt
    # Its file and those of rtshield are in memory from now on: reading them is work for the CPU that waits. What it did to the
    # statistics of memory is folded before the next second is over.
    rtshield run -- mawk 'BEGIN { exit }'
    echo 0 >"$TRACING/tracing_on"
    # Each event that is enabled patches the kernel's code, which interrupts every CPU.
    echo 1 >"$TRACING/events/sched/sched_switch/enable"
    echo 1 >"$TRACING/events/irq_vectors/enable"
    sleep 5
    # The kernel also patches itself when it likes (static keys); one of three runs of ten seconds is free of that.
    for attempt in 1 2 3; do
        trace_loop "$BATS_TEST_TMPDIR/trace.$attempt"
        [[ $(between_start_and_end "$BATS_TEST_TMPDIR/trace.$attempt") ]] || return 0
        echo "run $attempt, what came to the isolated CPU in 10 s:"
        between_start_and_end "$BATS_TEST_TMPDIR/trace.$attempt"
    done
    false
}

# Traces CPU 7 while a loop runs there for twelve seconds: trace_loop FILE.
trace_loop() {
    local loop
    echo >"$TRACING/trace"
    echo 1 >"$TRACING/tracing_on"
    rtshield run -- mawk 'BEGIN { while (1); }' 3>&- &
    loop=$!
    sleep 12
    kill "$loop"
    wait "$loop" || true
    echo 0 >"$TRACING/tracing_on"
    grep -v '^#' "$TRACING/per_cpu/cpu7/trace" | tee "$1"
    equal "$(awk '/^overrun/ { print $2 }' "$TRACING/per_cpu/cpu7/stats")" 0 "events that did not fit"
    # The trace of the others shows that events are recorded at all.
    [[ $(grep -vc '^#' "$TRACING/per_cpu/cpu0/trace") -gt 100 ]]
    grep sched_switch "$1" | head -n 1 | grep -q "next_pid=$loop"
}

# Prints events that are neither of the first second after the loop got the CPU, in which it starts, nor of the last one, in which
# it is ended, and says when that is less than ten seconds: between_start_and_end FILE.
between_start_and_end() {
    awk '
        { for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+[.][0-9]+:$/) { time[NR] = $i + 0; break } line[NR] = $0 }
        !first && /sched_switch.*next_comm=rtshield/ { first = time[NR] }
        END {
            if (time[NR] - first < 11) print "the loop ran for " time[NR] - first " s"
            for (n = 1; n <= NR; n++) if (time[n] > first + 1 && time[n] < time[NR] - 1) print line[n]
        }' "$1"
}

@test "destroy leaves the machine as it was" {
    echo 0 >"$TRACING/events/enable"
    rtshield destroy
    equal "$(cat "$(cpuset_root)/cpuset.cpus.effective")" 0-7
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" 'subtree_control'
}
