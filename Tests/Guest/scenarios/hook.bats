# The OCI hook: what containers are granted, by every engine, and what the others are kept off.
# machines: v1-plain-6.1 v2-plain-6.12 v2-systemd-6.1
# limit: 900

load ../lib/guest

setup_file() {
    net_up
    mkdir -p /etc/rtshield
    cat >/etc/rtshield/config.yaml <<END
shield:
  cpus: 2-5
realtime:
  max-priority: 50
END
    rtshield install podman
    rtshield create --cpus 2-5
}

teardown_file() {
    podman rm --all --force --time 0 >/dev/null || true
    rtshield uninstall podman
    rtshield destroy
    rm -r /etc/rtshield
}

manager() { if has_systemd; then echo systemd; else echo cgroupfs; fi; }

# Starts a container of a runtime by hand, with the hook: by_hand RUNTIME NAME FILTER.
by_hand() {
    bundle "/run/guest/bundle-$2" "$3 | $WITH_HOOK | .linux.cgroupsPath = \"/docker/$2\" | .process.args = [\"sleep\", \"1000\"]"
    "$1" run --detach --bundle "/run/guest/bundle-$2" "$2" </dev/null >/dev/null 3>&-
}

pid_by_hand() { "$1" state "$2" | jq .pid; }

# shellcheck disable=SC2046  # options are words
with_podman() {
    local runtime=$1
    podman_ready
    start_container podman rt --runtime "$runtime" --cgroup-manager "$(manager)" --cpuset-cpus 3 $(rt_options 40)
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
    run podman_run --runtime runc --cgroup-manager "$(manager)" --rm --cpuset-cpus 3 $(rt_options 40) --user 1000 -- sh -c "$RAISE"
    echo "$output"
    [[ $output == *"took 40"*"refused 41"* ]]
}

@test "no device interrupt comes to its CPUs, and other containers cannot run there" {
    local before
    with_podman runc
    before=$(interrupts_on 3)
    load 5
    equal "$(interrupts_on 3)" "$before" "device interrupts on its CPU"
    equal "$(podman_run --runtime crun --cgroup-manager "$(manager)" --rm -- sh -c "$PRINT_CPUS")" "$HOUSEKEEPING" "a plain container"
    by_hand runc plain .
    equal "$(cpus_of "$(pid_by_hand runc plain)")" "$HOUSEKEEPING" "a plain container by hand"
    runc delete --force plain
    remove_container podman rt
}

@test "more than the ceiling is denied, in words that the engine shows" {
    run by_hand runc over ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 70)"
    [[ $status -ne 0 && $output == *"priority 70 is above realtime.max-priority, 50"* ]]
    run by_hand crun over ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 70)"
    echo "$output"
    [[ $status -ne 0 && $output == *"priority 70 is above realtime.max-priority, 50"* ]]
    # shellcheck disable=SC2046
    run podman_run --runtime runc --cgroup-manager "$(manager)" --rm --cpuset-cpus 3 $(rt_options 70) -- true
    echo "$output"
    [[ $status -ne 0 && $output == *"priority 70 is above realtime.max-priority, 50"* ]]
    equal "$(granted)" ""
}

@test "a container that died without its hook is released by reconcile, and others keep theirs" {
    local pid
    by_hand runc one ".linux.resources.cpu.cpus = \"2\" | $(rt_annotations 40)"
    by_hand runc two ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 40)"
    pid=$(pid_by_hand runc one)
    kill -9 "$pid"
    eventually 10 test ! -e "/proc/$pid/exe"
    rtshield ps
    [[ $(rtshield ps) == *gone* ]]
    rtshield reconcile
    equal "$(granted)" two
    is_granted "$(pid_by_hand runc two)" 40 3
    runc delete --force one
    runc delete --force two
    equal "$(granted)" ""
}
