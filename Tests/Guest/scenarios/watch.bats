# Drift is repaired when it happens, and the watcher costs nothing and ends cleanly.
# machines: v1-plain-6.1 v2-plain-6.12 v2-systemd-7.2
# limit: 600

bats_require_minimum_version 1.5.0

load ../lib/guest

LOG=/run/rtshield-watch.log

setup_file() {
    net_up
    rtshield create --cpus 2-5
    rtshield watch --interval 5 2>"$LOG" 3>&- &
    echo $! >/run/watch.pid
    # It listens before it looks, so a first repair shows that it does.
    echo 1 >/proc/sys/vm/stat_interval
    eventually 30 grep -q stat_interval "$LOG"
}

teardown_file() {
    kill "$(cat /run/watch.pid)" 2>/dev/null || true
    stop_irqbalance || true
    rtshield destroy || true
    rm -f "$LOG" /run/watch.pid
}

setup() { : >"$LOG"; }

# Fails unless the watcher logs a line that matches within some seconds: logs SECONDS REGEX.
logs() { eventually "$1" grep -qE -- "$2" "$LOG" || { cat "$LOG"; return 1; }; }

@test "a changed interrupt default and a changed sysctl are found by the slow look" {
    echo ff >/proc/irq/default_smp_affinity
    echo 1 >/proc/sys/kernel/timer_migration
    logs 30 'default_smp_affinity.*-> .*c3'
    equal "$(cat /proc/irq/default_smp_affinity)" c3
    equal "$(cat /proc/sys/kernel/timer_migration)" 0
}

@test "a CPU that goes and comes back is shielded again" {
    cycle_cpu 3
    eventually 30 shielded 2-5
    equal "$(rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 2-5
}

@test "a new device's interrupts leave the shield" {
    local device irq
    device=$(basename "$(readlink -f /sys/class/net/eth0/device)")
    echo ff >/proc/irq/default_smp_affinity
    echo "$device" >/sys/bus/virtio/drivers/virtio_net/unbind
    echo "$device" >/sys/bus/virtio/drivers/virtio_net/bind
    logs 30 'irqs: '
    for irq in $(irqs_named 'virtio.-(in|out)put'); do
        eventually 10 sh -c "[ \"\$(cat /proc/irq/$irq/smp_affinity_list)\" = $HOUSEKEEPING ]"
    done
    net_up
}

@test "a kernel thread that is born on all CPUs is narrowed" {
    local huge=/sys/kernel/mm/transparent_hugepage/enabled chosen old
    chosen=$(sed 's/.*\[\(.*\)\].*/\1/' "$huge")
    old=$(pgrep -x khugepaged || true)
    # Its thread ends with the last user of huge pages, and is made anew for the first.
    echo never >"$huge"
    eventually 10 sh -c '! pgrep -x khugepaged'
    echo always >"$huge"
    eventually 10 pgrep -x khugepaged
    [[ $(pgrep -x khugepaged) != "$old" ]]
    eventually 30 sh -c "grep -qx 'Cpus_allowed_list:[[:space:]]*$HOUSEKEEPING' /proc/\$(pgrep -x khugepaged)/status"
    echo "$chosen" >"$huge"
}

@test "a container that asks for no CPUs is narrowed soon after it starts" {
    local bundle=$BATS_TEST_TMPDIR/bundle
    bundle "$bundle" '.process.args = ["sleep", "600"]'
    runc run --detach --bundle "$bundle" plain 3>&-
    eventually 30 sh -c "awk '/^Cpus_allowed_list/ { print \$2 }' /proc/\$(runc state plain | jq .pid)/status | grep -qx $HOUSEKEEPING"
    runc kill plain KILL
    eventually 10 runc delete plain
}

@test "an irqbalance that is started later is told" {
    start_irqbalance
    logs 30 'irqbalance'
    eventually 30 irqbalance_leaves 2-5
    stop_irqbalance
}

@test "a daemon-reload and a service that is started do not hurt the shield" {
    has_systemd || skip "no systemd"
    systemctl daemon-reload
    systemd-run --unit=guest-late sleep 600
    eventually 30 shielded 2-5
    systemctl stop guest-late.service
}

@test "the watcher itself is off the shield" {
    run ! overlap "$(cpus_of "$(cat /run/watch.pid)")" 2-5
}

@test "it costs next to nothing while nothing happens" {
    local pid before after
    pid=$(cat /run/watch.pid)
    sleep 2
    before=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
    sleep 4
    after=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
    # At most one slow look of 5 s falls into these; each costs far less than a second even under emulation.
    ((after - before < 300)) || { echo "$((after - before)) ticks" && false; }
    awk '/^VmRSS/ { exit $2 > 12 * 1024 }' "/proc/$pid/status"
}

@test "SIGTERM ends it, and the shield stays" {
    kill -TERM "$(cat /run/watch.pid)"
    eventually 10 sh -c "! kill -0 $(cat /run/watch.pid)"
    rtshield status
    shielded 2-5
}
