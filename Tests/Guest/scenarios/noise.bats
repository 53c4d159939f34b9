# Interrupts, kernel threads, work queues and knobs: off the shield, kept off, and put back exactly.
# machines: v1-plain-6.1 v1-plain-6.1-rt v2-systemd-6.12 v2-plain-7.2
# limit: 900

load ../lib/guest

setup_file() {
    net_up
    export BEFORE=$BATS_FILE_TMPDIR/before
    rtshield create --cpus 2-5 && rtshield destroy
    snapshot_host "$BEFORE"
}

teardown_file() { stop_irqbalance || true; }

same_as_before() {
    local unsaid=
    [[ $(cpuset_version) == v1 ]] || unsaid='^group .*/cpuset[.]cpus = (0-7)?$'
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" "$unsaid"
}

mask_of() { echo "$(<"/proc/irq/$1/smp_affinity_list")"; }

# Prints the interrupts that may go to the shield although a driver uses them and the kernel lets them be moved.
irqs_on_shield() {
    local irq mask
    for irq in $(irqs_named .); do
        overlap "$(mask_of "$irq")" 2-5 || continue
        # What the kernel keeps to itself takes not even its own value back.
        mask=$(mask_of "$irq")
        ! { echo "$mask" >"/proc/irq/$irq/smp_affinity_list"; } 2>/dev/null || echo "$irq $mask"
    done
}

@test "interrupts, work queues and knobs leave the shield" {
    run rtshield create --cpus 2-5
    echo "$output"
    equal "$status" 0
    equal "$(irqs_on_shield)" "" "the interrupts that could leave"
    equal "$(cat /proc/irq/default_smp_affinity)" c3
    equal "$(cat /sys/devices/virtual/workqueue/cpumask)" c3
    equal "$(cat /sys/devices/virtual/workqueue/writeback/cpumask)" c3
    equal "$(cat /proc/sys/kernel/watchdog_cpumask)" "$HOUSEKEEPING"
    equal "$(cat /proc/sys/kernel/timer_migration)" 0
    equal "$(cat /proc/sys/vm/stat_interval)" 10
    shielded 2-5
}

@test "what cannot be moved is named with the reason" {
    rtshield status
    # The disk of the guest has a queue for each CPU, which the kernel manages.
    rtshield status --json | jq -e '[.interrupts[] | select(.reason == "managed") | .interrupts[].names[]] | any(test("req"))'
    rtshield status --json | jq -e '.noise[] | select(.attribute == "timer-migration") | .isWanted and .values[0].value == "0"'
}

@test "under load no device interrupt and no movable kernel thread comes to the shield" {
    # Without remapping hardware an interrupt moves with the next one, which still comes to the old CPU.
    load 5
    eventually 60 network_leaves 2-5
    device_interrupts 2-5 >"$BATS_TEST_TMPDIR/interrupts"
    switches "$BATS_TEST_TMPDIR/switches"
    load 30
    device_interrupts 2-5 >"$BATS_TEST_TMPDIR/interrupts.after"
    diff "$BATS_TEST_TMPDIR/interrupts" "$BATS_TEST_TMPDIR/interrupts.after"
    switches "$BATS_TEST_TMPDIR/switches.after"
    equal "$(ran_on_shield "$BATS_TEST_TMPDIR/switches" "$BATS_TEST_TMPDIR/switches.after")" "" "what ran on the shield"
    # The load reached the devices at all.
    [[ $(device_interrupts 0-7) != "$(device_interrupts 2-5)" ]]
}

# How often each movable kernel thread was given a CPU, and the CPU it ran on last: switches FILE.
switches() {
    awk 'BEGIN {
        for (i = 1; i < ARGC; i++) {
            # A task that has ended has no first line.
            if ((getline < (ARGV[i] "/stat")) <= 0) continue
            name = $0; sub(/^[0-9]+ \(/, "", name); sub(/\) [^)]*$/, "", name); gsub(/ /, "_", name); sub(/^.*\) /, "")
            close(ARGV[i] "/stat")
            # PF_KTHREAD without PF_NO_SETAFFINITY
            if (!(int($7 / 2097152) % 2) || int($7 / 67108864) % 2) continue
            cpu = $37; sum = 0
            while ((getline < (ARGV[i] "/status")) > 0) if (/ctxt_switches/) sum += $2
            close(ARGV[i] "/status")
            print ARGV[i], name, cpu, sum
        }
    }' /proc/[0-9]* >"$1"
}

# Prints the threads that ran in between and last on a shielded CPU: ran_on_shield BEFORE AFTER.
ran_on_shield() {
    awk 'FNR == NR { before[$1] = $4; next } $1 in before && $4 > before[$1] && $3 >= 2 && $3 <= 5' "$1" "$2"
}

@test "an interrupt goes where it was asked to go, and its thread with it" {
    local irq queue
    queue=$(basename "$(readlink -f /sys/class/net/eth0/device)")-input.0
    irq=$(irqs_named "$queue")
    [[ $irq ]]
    rtshield create --cpus 2-5 --irq "$queue=4" --irq 'nonsense*=3'
    equal "$(mask_of "$irq")" 4
    ping_net
    equal "$(cat "/proc/irq/$irq/effective_affinity_list")" 4
    rtshield status --json | jq -e --argjson irq "$irq" '.interrupts[] | select(.reason == "chosen") | .interrupts[].irq == $irq'
    rtshield status | grep "no interrupt matches 'nonsense\*'"
    rtshield create --cpus 2-5
    equal "$(irqs_on_shield)" "" "the interrupts that could leave"
}

@test "attributes are switched one by one, and what is switched off is put back" {
    rtshield create --cpus 2-5 --with huge-pages,rt-throttling --without irqs,watchdog
    equal "$(cat /proc/irq/default_smp_affinity)" ff
    equal "$(cat /proc/sys/kernel/watchdog_cpumask)" 0-7
    equal "$(cat /proc/sys/kernel/sched_rt_runtime_us)" -1
    # A real-time kernel has no such file.
    local huge=/sys/kernel/mm/transparent_hugepage/enabled
    [[ ! -e $huge || $(<$huge) == *"[madvise]"* ]]
    run rtshield create --cpus 2-5 --with governor,irqs --without irqs
    equal "$status" 2
    run rtshield create --cpus 2-5 --with nonsense
    equal "$status" 2
    rtshield create --cpus 2-5
    equal "$(cat /proc/irq/default_smp_affinity)" c3
    equal "$(cat /proc/sys/kernel/watchdog_cpumask)" "$HOUSEKEEPING"
    [[ $(cat /proc/sys/kernel/sched_rt_runtime_us) != -1 ]]
}

@test "an interrupt that appears on the shield is seen, and taken off" {
    # Somebody else set the default back, and a driver asks for its interrupts anew.
    echo ff >/proc/irq/default_smp_affinity
    local device
    device=$(basename "$(readlink -f /sys/class/net/eth0/device)")
    echo "$device" >/sys/bus/virtio/drivers/virtio_net/unbind
    echo "$device" >/sys/bus/virtio/drivers/virtio_net/bind
    net_up
    [[ $(irqs_on_shield) ]]
    run rtshield status
    echo "$output"
    [[ $output == *"can be moved off"* ]]
    rtshield reconcile
    equal "$(irqs_on_shield)" "" "the interrupts that could leave"
    equal "$(cat /proc/irq/default_smp_affinity)" c3
}

@test "a CPU that goes and comes back is shielded again by reconcile" {
    cycle_cpu 3
    rtshield reconcile
    equal "$(rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 2-5
    equal "$(irqs_on_shield)" "" "the interrupts that could leave"
    shielded 2-5
}

@test "timers are chased off, and nothing is lost with the CPUs" {
    local group=/guest-chase
    if [[ $(cpuset_version) == v1 ]]; then
        mkdir "$(cpuset_root)$group"
        echo 0 >"$(cpuset_root)$group/cpuset.mems"
        echo 3 >"$(cpuset_root)$group/cpuset.cpus"
    fi
    rtshield run -- taskset -c 4 sleep 600 3>&- &
    eventually 10 sh -c "[ \"\$(awk '/^Cpus_allowed_list/ { print \$2 }' /proc/$!/status)\" = 4 ]"
    run rtshield create --cpus 2-5 --chase-timers
    echo "$output"
    equal "$status" 0
    [[ $output == *"CPUs 2-5 were cycled"* ]]
    equal "$(online_cpus)" 0-7
    equal "$(cpus_of $!)" 4 "the CPU of a program that was bound to one"
    if [[ $(cpuset_version) == v1 ]]; then
        equal "$(cat "$(cpuset_root)$group/cpuset.cpus")" 3
        rmdir "$(cpuset_root)$group"
    fi
    kill $!
    wait $! || true
    equal "$(irqs_on_shield)" "" "the interrupts that could leave"
    shielded 2-5
}

@test "irqbalance leaves the shield alone, also when it is started again" {
    rtshield destroy
    start_irqbalance
    rtshield create --cpus 2-5
    eventually 30 irqbalance_leaves 2-5
    if has_systemd; then
        systemctl restart irqbalance.service
        eventually 30 irqbalance_answers
    else
        pkill -x irqbalance
        eventually 10 sh -c '! pgrep -x irqbalance'
        start_irqbalance
        rtshield reconcile
    fi
    load 5
    eventually 30 irqbalance_leaves 2-5
    equal "$(irqs_on_shield)" "" "the interrupts that could leave"
    rtshield destroy
    # Its own bans are none again, and another shield's are its own.
    rtshield create --cpus 6-7 --without irqs
    eventually 30 irqbalance_leaves 6-7
    rtshield destroy
    stop_irqbalance
    restore_masks
}

# Gives the interrupts that irqbalance moved what they had before this file.
restore_masks() {
    awk '$1 == "irq" { print $2, $4 }' "$BEFORE" | while read -r file mask; do
        { echo "$mask" >"$file"; } 2>/dev/null || true
    done
}

@test "what somebody else set since is left alone and named" {
    local irq
    irq=$(irqs_named 'virtio.*-input[.]0' | head -n 1)
    rtshield create --cpus 2-5
    echo 0 >"/proc/irq/$irq/smp_affinity_list"
    echo 20 >/proc/sys/vm/stat_interval
    run rtshield destroy
    echo "$output"
    equal "$status" 0
    [[ $output == *"/proc/irq/$irq/smp_affinity_list"* && $output == *stat_interval* ]]
    equal "$(mask_of "$irq")" 0
    equal "$(cat /proc/sys/vm/stat_interval)" 20
    echo 1 >/proc/sys/vm/stat_interval
    restore_masks
}

@test "the journal of an earlier boot is discarded, not replayed" {
    rtshield create --cpus 2-5
    cp /run/rtshield/journal "$BATS_TEST_TMPDIR/journal"
    rtshield destroy
    sed 's/"bootID":"[^"]*"/"bootID":"00000000-0000-0000-0000-000000000000"/' "$BATS_TEST_TMPDIR/journal" >/run/rtshield/journal
    run rtshield destroy
    equal "$status" 3
    rtshield create --cpus 2-5
    rtshield destroy
}

@test "everything is as it was" { same_as_before; }
