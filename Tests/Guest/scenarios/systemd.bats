# Under systemd on cgroup v2 the shield is systemd's own setting: reloads, restarts and new units keep to it.
# machines: v2-systemd-*
# limit: 600

load ../lib/guest

teardown_file() {
    systemctl stop own.service later.service plain.service session-77.scope 2>/dev/null || true
}

main_cpus() { cpus_of "$(systemctl show --property MainPID --value "$1")"; }

@test "running services, sessions and PID 1 are narrowed" {
    systemd-run --quiet --unit own.service --property AllowedCPUs=3 sleep 10000
    systemd-run --quiet --unit plain.service sleep 10000
    rtshield create --cpus 2-5
    equal "$(main_cpus plain.service)" "$HOUSEKEEPING"
    equal "$(cpus_of 1)" "$HOUSEKEEPING" "the CPUs of PID 1"
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

@test "reconcile changes nothing when nothing came" {
    rtshield reconcile
    run rtshield reconcile
    [[ $output == *"nothing had to be changed"* ]] || { echo "$output" && false; }
}

@test "destroy leaves no drop-in, no limit and no slice" {
    rtshield destroy
    [[ -z $(find /run/systemd -name '*rtshield*' ! -name '*rtshield-guest*') ]] || { find /run/systemd -name '*rtshield*' && false; }
    equal "$(main_cpus later.service)" 0-7
    equal "$(main_cpus own.service)" 3
    equal "$(cpus_of 1)" 0-7
    systemctl daemon-reload
    equal "$(main_cpus later.service)" 0-7
}
