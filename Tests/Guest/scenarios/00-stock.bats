# A host as `apt install` leaves it, with all its services and somebody logged in: a shield comes and goes, and nobody is hurt.
# machines: v2-systemd-* v1-systemd-6.1 hybrid-systemd-6.1
# limit: 900

load ../lib/guest

setup_file() {
    export BEFORE=$BATS_FILE_TMPDIR/before
    export SERVICES="docker containerd cron getty@tty1 user@1000 systemd-logind delegated"
    # A system is up when nothing is left to be started, which may be later than its first services.
    systemctl is-system-running --wait || true
    snapshot_host "$BEFORE"
}

teardown_file() {
    remove_container docker stock-on || true
    remove_container docker stock-off || true
    rtshield destroy || true
}

# Fails, and names those that are not, unless all services of the host are up.
all_up() {
    local unit down=()
    for unit in $SERVICES; do systemctl is-active --quiet "$unit.service" || down+=("$unit"); done
    ((!${#down[@]})) || { echo "not active: ${down[*]}" && systemctl --failed && return 1; }
}

# The containers of this file, started where they belong.
OTHERS='^/(user|docker|rtshield)(/|$)|^/rtshield[.]slice(/|$)|stock-on'
shielded_but_for_containers() { shielded 2-5 "$OTHERS|$(docker inspect --format '{{.Id}}' stock-on)"; }

@test "the services of the host are up, and somebody is logged in" {
    all_up
    systemctl is-active --quiet libvirtd.socket
    [[ $(loginctl list-sessions --no-legend) == *ada* ]]
    equal "$(pgrep -x dockerd | wc -l)" 1 "the number of dockerd"
}

@test "create makes the shield on the first try, and finds nobody who was left out" {
    run rtshield create --cpus 2-5
    echo "$output"
    equal "$status" 0
    [[ $output != *"did not apply"* ]]
    shielded 2-5
    if [[ $(cpuset_version) == v2 ]]; then
        equal "$(cpus_of "$(systemctl show --property MainPID --value containerd)")" "$HOUSEKEEPING" "the CPUs of containerd"
        equal "$(cpus_of "$(systemctl show --property MainPID --value delegated)")" "$HOUSEKEEPING" "the CPUs of a delegated unit"
    fi
    all_up
}

@test "containers start on the shield and off it" {
    local on off
    on=$(start_container docker stock-on --cpuset-cpus 2-5)
    off=$(start_container docker stock-off)
    equal "$(cpus_of "$on")" 2-5
    equal "$(container_cpus podman --cpuset-cpus 3)" 3
    rtshield reconcile
    equal "$(cpus_of "$off")" "$HOUSEKEEPING"
    equal "$(cpus_of "$on")" 2-5
}

@test "the shield holds when engines are restarted, and systemd reads its units again or is executed anew" {
    local engine
    for engine in containerd docker libvirtd; do systemctl restart "$engine.service"; done
    systemctl daemon-reload
    systemctl daemon-reexec
    # Containers end with their engine, unless live-restore is on.
    # containerd forgets the tasks that ended with it in its own time.
    eventually 60 docker start stock-on stock-off
    rtshield reconcile
    shielded_but_for_containers
    equal "$(cpus_of "$(docker inspect --format '{{.State.Pid}}' stock-on)")" 2-5
    run rtshield status
    echo "$output"
    equal "$status" 0
    all_up
}

@test "a new login is kept off the shield" {
    systemctl restart getty@tty1.service
    eventually 30 eval '[[ $(loginctl list-sessions --no-legend) == *ada* ]]'
    shielded_but_for_containers
}

@test "destroy gives everything back, and the services run on" {
    docker rm --force stock-on stock-off
    rtshield destroy
    all_up
    snapshot_host "$BATS_TEST_TMPDIR/after"
    # The kernel takes no empty list for a v2 group with tasks (docs/decisions/0005): every CPU stands for it. Engines and logins,
    # which came anew, have taken controllers and sessions of their own.
    # On v1 nobody removes the groups that engines made for their first containers.
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" \
        '^group .*(/cpuset[.]cpus = (0-7)?$|subtree_control|/session-[0-9]+[.]scope/|/cpuset/(docker|machine[.]slice|system[.]slice)/)'
    equal "$(cpus_of "$(pgrep -x dockerd)")" 0-7
    equal "$(container_cpus docker --cpuset-cpus 4)" 4
}
