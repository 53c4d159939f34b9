# Under systemd on cgroup v2 the shield is systemd's own setting: reloads, restarts and new units keep to it.
# machines: v2-systemd-6.1 v2-systemd-6.12 v2-systemd-7.2
# limit: 1200

load ../lib/guest

teardown_file() {
    systemctl stop own.service later.service plain.service nested.service manager.service left.service session-77.scope 2>/dev/null || true
    kill "$(pgrep -f 'sleep 12345')" 2>/dev/null || true
}

# Whoever runs although its unit keeps it off the shield: a path, and the CPUs of the group.
narrowed_groups() {
    local group
    find /sys/fs/cgroup -maxdepth 4 -type d \( -name '*.service' -o -name init.scope -o -name 'session-*.scope' \) -prune |
        grep -v -e own.service -e left.service | while read -r group; do
        grep -q 'populated 1' "$group/cgroup.events" || continue
        echo "$group $(cat "$group/cpuset.cpus")"
    done
}

# Fails unless every service and session, and PID 1, is held to housekeeping by systemd, and the slices have their CPUs.
all_hold() {
    local others
    others=$(narrowed_groups | grep -v " $HOUSEKEEPING\$") || true
    [[ -z $others ]] || { echo "others hold:" && echo "$others" && return 1; }
    equal "$(cpus_of 1)" "$HOUSEKEEPING" "the CPUs of PID 1"
    equal "$(cat /sys/fs/cgroup/rtshield.slice/rtshield-user.slice/cpuset.cpus)" 2-5 "the CPUs of a partition"
    equal "$(cat /sys/fs/cgroup/rtshield.slice/rtshield-docker.slice/cpuset.cpus)" 2-5 "the CPUs of a partition"
}

main_cpus() { cpus_of "$(systemctl show --property MainPID --value "$1")"; }

@test "running services, sessions and PID 1 are narrowed" {
    systemd-run --quiet --unit own.service --property AllowedCPUs=3 sleep 10000
    systemd-run --quiet --unit plain.service sleep 10000
    systemd-run --quiet --unit nested.service --slice system-nested.slice sleep 10000
    systemd-run --quiet --unit manager.service --property Delegate=yes sh -c 'mkdir "/sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup)/inner.service" && exec sleep 10000'
    # A unit that is over, and a process that it left behind.
    systemd-run --quiet --unit left.service --property KillMode=process sh -c 'sleep 12345 & exec sleep 10000'
    eventually 10 eval 'pgrep -f "sleep 12345" >/dev/null'
    systemctl stop left.service
    run rtshield create --cpus 2-5
    echo "$output"
    equal "$status" 0
    [[ $output != *"has not applied CPUs"* ]]
    all_hold
    equal "$(main_cpus plain.service)" "$HOUSEKEEPING"
    equal "$(cpus_of 1)" "$HOUSEKEEPING" "the CPUs of PID 1"
}

@test "a process that a unit left behind is off the shield by its affinity, and is no finding" {
    equal "$(cpus_of "$(pgrep -f 'sleep 12345' | head -n 1)")" "$HOUSEKEEPING"
    run rtshield status
    [[ $output != *"has not applied CPUs"* ]] || { echo "$output" && false; }
}

@test "a service that has CPUs of its own keeps them" {
    equal "$(main_cpus own.service)" 3
    systemctl daemon-reload
    equal "$(main_cpus own.service)" 3
}

@test "new and restarted services, and new sessions, keep off the shield" {
    systemd-run --quiet --unit later.service sleep 10000
    equal "$(main_cpus later.service)" "$HOUSEKEEPING"
    systemctl restart plain.service 2>/dev/null || true
    systemctl daemon-reload
    equal "$(main_cpus later.service)" "$HOUSEKEEPING"
    systemd-run --quiet --scope --unit session-77.scope sh -c 'exec sleep 10000' 3>&- &
    eventually 10 eval 'systemctl is-active --quiet session-77.scope'
    equal "$(cpus_of "$(head -n 1 "/sys/fs/cgroup$(systemctl show --property ControlGroup --value session-77.scope)/cgroup.procs")")" \
        "$HOUSEKEEPING"
}

@test "a container started by hand from a narrowed session gets the CPUs it asks for" {
    rootfs
    systemd-run --quiet --scope --unit session-78.scope bash -c '. /guest/tests/lib/guest.bash; oci_run runc "$PRINT_CPUS" --cpuset-cpus 2-5' \
        >"$BATS_TEST_TMPDIR/cpus"
    equal "$(tail -n 1 "$BATS_TEST_TMPDIR/cpus")" 2-5
}

@test "another list reaches every unit, and the former one again" {
    local group
    rtshield create --cpus 4-5
    equal "$(main_cpus nested.service)" 0-3,6-7
    equal "$(main_cpus plain.service)" 0-3,6-7
    rtshield create --cpus 2-5
    all_hold
}

# Units that start and stop, until the directory goes.
churn() {
    while [[ -d $1 ]]; do systemd-run --quiet --collect --slice "churn-$((RANDOM % 3)).slice" true || true; sleep 4; done
}

@test "a hundred reloads and re-executions, while units start and stop, change nothing" {
    local round=0 rounds=100 beside=$BATS_TEST_TMPDIR/churn
    # Once for each systemd that differs is enough: an emulated reload takes a second or more.
    case $GUEST_MACHINE in
        v2-systemd-6.12 | v2-systemd-7.2) ;;
        *) rounds=10 ;;
    esac
    mkdir "$beside"
    churn "$beside" 3>&- &
    # A machine that is emulated beside others gets as far as it gets in some minutes.
    SECONDS=0
    while ((round < rounds && SECONDS < 300)); do
        if ((++round % 5)); then systemctl daemon-reload; else systemctl daemon-reexec; fi
    done
    rmdir "$beside"
    wait
    echo "# $round rounds in $SECONDS s" >&3
    ((round >= rounds / 4))
    all_hold
    rtshield reconcile
    run rtshield reconcile
    [[ $output == *"nothing was changed"* ]] || { echo "$output" && false; }
}

@test "reconcile changes nothing when nothing came" {
    rtshield reconcile
    run rtshield reconcile
    [[ $output == *"nothing was changed"* ]] || { echo "$output" && false; }
}

@test "destroy leaves no drop-in, no limit and no slice" {
    rtshield destroy
    [[ -z $(find /run/systemd -name '*rtshield*' ! -name '*rtshield-guest*') ]] || { find /run/systemd -name '*rtshield*' && false; }
    equal "$(main_cpus later.service)" 0-7
    equal "$(main_cpus nested.service)" 0-7
    equal "$(main_cpus own.service)" 3
    equal "$(cpus_of 1)" 0-7
    equal "$(cpus_of "$(pgrep -f 'sleep 12345' | head -n 1)")" 0-7 "the CPUs of the process that was left behind"
    systemctl daemon-reload
    equal "$(main_cpus later.service)" 0-7
}

@test "a shield that is made again right after reaches every unit" {
    rtshield create --cpus 2-5
    all_hold
    rtshield destroy
    equal "$(main_cpus nested.service)" 0-7
}
