# rtshield-runtime: Docker and containerd, which have no hooks, get them by a runtime of their own.
# machines: v1-plain-6.1 v2-systemd-6.12 v2-systemd-7.2
# limit: 600

load ../lib/guest

setup_file() {
    # Docker hands annotations on from 24 on: what containers of 20.10 get is decided for all that have CPUs of their own.
    write_configuration "  exclusive: {irqs: disable, rt-priority: 30, rt-policy: fifo}"
    export DAEMON=$BATS_FILE_TMPDIR/daemon.json
    cp /etc/docker/daemon.json "$DAEMON"
    docker_ready
    rtshield install docker
    reload_docker
    rtshield create --cpus 2-5
}

teardown_file() {
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force >/dev/null
    rtshield uninstall docker
    rtshield destroy
    rm -r /etc/rtshield
    reload_docker
}

# A test that failed leaves nothing to the next.
teardown() {
    [[ ! ${BATS_TEST_COMPLETED-} ]] || return 0
    local name
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force >/dev/null
    for name in $(client container list --quiet); do
        client task kill --signal KILL "$name" || true
        eventually 10 client task delete "$name" || true
        client container delete "$name" || true
    done
    rtshield reconcile || true
}

reload_docker() { if has_systemd; then systemctl reload docker; else pkill -HUP -x dockerd; fi; }

# Where the containerd of this machine listens: a daemon of its own under systemd, else the one that Docker started.
containerd_socket() { if has_systemd; then echo /run/containerd/containerd.sock; else echo /run/docker/containerd/containerd.sock; fi; }
client() { ctr --address "$(containerd_socket)" --namespace guest "$@"; }

# Starts a container of containerd: by_containerd NAME FILTER.
by_containerd() {
    bundle "/run/guest/bundle-$1" "$2 | .linux.cgroupsPath = \"/guest/$1\" | .process.args = [\"sleep\", \"100000\"]"
    client run --detach --runc-binary /usr/local/bin/rtshield-runtime --config "/run/guest/bundle-$1/config.json" "$1" \
        </dev/null &>"/run/guest/said-$1" 3>&- || { cat "/run/guest/said-$1" && return 1; }
}

pid_by_containerd() { client task list | awk -v name="$1" '$1 == name { print $2 }'; }

@test "Docker: a container with shielded CPUs is granted what the configuration says, with every start anew" {
    local pid
    pid=$(start_container docker rt --runtime rtshield --cpuset-cpus 3)
    is_granted "$pid" 30 3
    docker restart --time 0 rt
    is_granted "$(docker inspect --format '{{.State.Pid}}' rt)" 30 3
    [[ $(granted | wc -l) == 1 ]]
    remove_container docker rt
    equal "$(granted)" ""
}

@test "Docker: the program raises itself to its ceiling and not above, with the profile of Docker" {
    run docker run --rm --runtime rtshield --cpuset-cpus 3 --user 1000 busybox sh -c \
        'chrt -f 30 true && echo took 30; chrt -f 31 true 2>/dev/null || echo refused 31'
    echo "$output"
    [[ $output == *"took 30"*"refused 31"* ]]
}

@test "Docker: annotations reach the hook from version 24 on, with every start, and older ones know none" {
    local pid annotations=(--annotation rtshield.io/rt-policy=rr --annotation rtshield.io/rt-priority=35)
    if (($(major_of docker) < 24)); then
        run docker run --rm --runtime rtshield "${annotations[@]}" busybox true
        echo "$output"
        [[ $status -ne 0 && $output == *"unknown flag: --annotation"* ]]
        return
    fi
    pid=$(start_container docker asks --runtime rtshield --cpuset-cpus 3 "${annotations[@]}")
    equal "$(scheduling_of "$pid") $(priority_limit_of "$pid") $(cpus_of "$pid")" "SCHED_RR 35 35 3"
    docker restart --time 0 asks
    equal "$(scheduling_of "$(docker inspect --format '{{.State.Pid}}' asks)")" "SCHED_RR 35"
    remove_container docker asks
    run docker run --rm --runtime rtshield --cpuset-cpus 3 --annotation rtshield.io/rt-priority=60 busybox true
    echo "$output"
    [[ $status -ne 0 && $output == *"priority 60 is above realtime.max-priority, 50"* ]]
}

@test "Docker: a plain container is kept off the shield, and stays so when it is updated" {
    local pid
    pid=$(start_container docker plain --runtime rtshield)
    equal "$(cpus_of "$pid")" "$HOUSEKEEPING"
    docker update --memory 64m --memory-swap 64m plain
    ! has_systemd || systemctl daemon-reload
    equal "$(cpus_of "$pid")" "$HOUSEKEEPING"
    remove_container docker plain
    equal "$(container_cpus docker --runtime rtshield)" "$HOUSEKEEPING"
}

@test "Docker: containers that need no runtime of ours start as ever" {
    equal "$(container_cpus docker --cpuset-cpus 4)" 4
    equal "$(granted)" ""
}

@test "containerd: annotations reach the hook, and too much is denied in words that it shows" {
    by_containerd rt ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 40)"
    is_granted "$(pid_by_containerd rt)" 40 3
    run by_containerd over ".linux.resources.cpu.cpus = \"4\" | $(rt_annotations 70)"
    echo "$output"
    [[ $status -ne 0 && $output == *"priority 70 is above realtime.max-priority, 50"* ]]
    equal "$(granted)" rt
    client task kill --signal KILL rt
    eventually 20 client task delete rt
    equal "$(granted)" ""
    client container delete rt
    client container delete over || true
}

@test "containerd: a shim and its container that are killed leave nothing after reconcile" {
    local pid
    by_containerd rt ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 40)"
    pid=$(pid_by_containerd rt)
    pkill -9 -f 'containerd-shim.*-namespace guest'
    kill -9 "$pid" || true
    eventually 20 test ! -e "/proc/$pid/exe"
    rtshield reconcile
    equal "$(granted)" ""
    client container delete rt || true
}

@test "containerd: a profile that keeps a program from its own priority is opened where the configuration says so" {
    local seccomp='.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64"], syscalls: [
        { names: ["sched_setscheduler", "sched_setattr", "mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO" }] }'
    bundle /run/guest/bundle-profile ".linux.resources.cpu.cpus = \"3\" | $(rt_annotations 40) | $seccomp"' |
        .linux.cgroupsPath = "/guest/profile" |
        .process.args = ["sh", "-c", "chrt -f 30 true && echo took 30; mkdir /tmp/x || echo no directory"]'
    run client run --rm --runc-binary /usr/local/bin/rtshield-runtime --config /run/guest/bundle-profile/config.json profile
    echo "$output"
    [[ $output != *"took 30"* && $output == *"no directory"* ]]
    sed -i 's/^containers:/&\n  open-seccomp: true/' /etc/rtshield/config.yaml
    run client run --rm --runc-binary /usr/local/bin/rtshield-runtime --config /run/guest/bundle-profile/config.json profile
    echo "$output"
    sed -i '/open-seccomp/d' /etc/rtshield/config.yaml
    [[ $output == *"took 30"* && $output == *"no directory"* ]]
}

@test "uninstall gives the configuration of Docker back, byte for byte" {
    rtshield uninstall docker
    cmp "$DAEMON" /etc/docker/daemon.json
}
