# The OCI hook: what containers are granted by the runtimes that call it, and what the others are kept off.
# machines: v1-plain-6.1 v2-plain-6.12 v2-systemd-7.2
# limit: 600

load ../lib/guest

setup_file() {
    net_up
    write_configuration
    rtshield install podman
    rtshield create --cpus 2-5
}

teardown_file() {
    podman rm --all --force --time 0 >/dev/null || true
    rtshield uninstall podman
    rtshield destroy
    rm -r /etc/rtshield
    # A container that lost its monitor leaves an empty group behind.
    find /sys/fs/cgroup -depth -type d -name 'libpod-*' -exec rmdir {} + 2>/dev/null || true
}

# A test that failed leaves nothing to the next.
teardown() {
    [[ ! ${BATS_TEST_COMPLETED-} ]] || return 0
    local id
    podman rm --all --force --time 0 >/dev/null || true
    for id in $(granted); do runc delete --force "$id" || crun delete --force "$id" || true; done
    rtshield reconcile || true
}

manager() { if has_systemd; then echo systemd; else echo cgroupfs; fi; }

# with_podman RUNTIME: starts the container `rt`, which asks for everything.
with_podman() {
    podman_ready
    # shellcheck disable=SC2046  # options are words
    start_container podman rt --runtime "$1" --cgroup-manager "$(manager)" --cpuset-cpus 3 $(rt_options 40)
}

@test "runc and crun by hand: a guaranteed container gets its priority, its limit and its CPUs" {
    local runtime
    for runtime in runc crun; do
        by_hand "$runtime" rt ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 40)"
        is_granted "$(pid_by_hand "$runtime" rt)" 40 3
        equal "$(granted)" rt
        "$runtime" delete --force rt
        equal "$(granted)" "" "what is granted after its end"
    done
}

@test "Podman with runc and with crun: the same" {
    local runtime
    for runtime in runc crun; do
        is_granted "$(with_podman "$runtime")" 40 3
        remove_container podman rt
        equal "$(granted)" "" "what is granted after its end"
    done
}

@test "the program raises itself to its ceiling, and not above" {
    # shellcheck disable=SC2046
    run podman_run --runtime runc --cgroup-manager "$(manager)" --rm --cpuset-cpus 3 $(rt_options 40) --user 1000 -- \
        sh -c "$RAISE"
    echo "$output"
    [[ $output == *"took 40"*"refused 41"* ]]
}

@test "no device interrupt comes to its CPUs, and other containers cannot run there" {
    local before
    with_podman runc
    # What was on its way comes yet.
    load 1
    eventually 60 network_leaves 3
    before=$(device_interrupts 3)
    load 5
    equal "$(device_interrupts 3)" "$before" "device interrupts on its CPU"
    equal "$(podman_run --runtime crun --cgroup-manager "$(manager)" --rm -- sh -c "$PRINT_CPUS")" "$HOUSEKEEPING" "Podman's"
    by_hand runc plain .
    equal "$(cpus_of "$(pid_by_hand runc plain)")" "$HOUSEKEEPING" "runc's"
    runc delete --force plain
    remove_container podman rt
}

@test "who was kept off follows the shield when it changes, and gets all CPUs back when it goes" {
    by_hand runc plain .
    rtshield create --cpus 3-4
    equal "$(cpus_of "$(pid_by_hand runc plain)")" 0-2,5-7
    rtshield destroy
    equal "$(cpus_of "$(pid_by_hand runc plain)")" 0-7
    runc delete --force plain
    rtshield create --cpus 2-5
}

@test "more than the ceiling is denied, in words that the runtime shows" {
    local line="priority 70 is above realtime.max-priority, 50"
    run by_hand runc over ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 70)"
    echo "$output"
    [[ $status -ne 0 && $output == *"$line"* ]]
    # shellcheck disable=SC2046
    run podman_run --runtime runc --cgroup-manager "$(manager)" --rm --cpuset-cpus 3 $(rt_options 70) -- true
    echo "$output"
    [[ $status -ne 0 && $output == *"$line"* ]]
    # crun shows nothing of what a hook says; explain tells.
    run by_hand crun over ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 70)"
    [[ $status -ne 0 && $output == *"rtshield-hook"* ]]
    run rtshield explain /run/guest/bundle-over
    [[ $status -eq 1 && $output == *"$line"* ]]
    ! has_systemd || journalctl --no-pager -t rtshield-hook | grep -F "$line"
    equal "$(granted)" ""
}

@test "a container that dies without its hook is released by reconcile, and the others keep theirs" {
    local pid
    by_hand runc one ".linux.resources.cpu.cpus = \"2\" | $(rt_annotations 40)"
    by_hand crun two ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 40)"
    pid=$(pid_by_hand runc one)
    kill -9 "$pid"
    eventually 10 test ! -e "/proc/$pid/exe"
    [[ $(rtshield ps) == *gone* ]]
    rtshield reconcile
    equal "$(granted)" two
    is_granted "$(pid_by_hand crun two)" 40 3
    runc delete --force one
    equal "$(granted)" two
    crun delete --force two
    equal "$(granted)" ""
}

@test "a monitor and its container that are killed leave nothing after reconcile" {
    local pid
    pid=$(with_podman crun)
    pkill -9 conmon
    kill -9 "$pid"
    eventually 10 test ! -e "/proc/$pid/exe"
    rtshield reconcile
    equal "$(granted)" ""
    # Podman 5 learns at the first try that the monitor is gone, and removes the container at the next.
    eventually 20 remove_container podman rt
}
