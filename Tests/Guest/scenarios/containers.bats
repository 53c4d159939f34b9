# No exclusivity conflicts: every engine starts containers while a shield stands, before one, and after it.
# machines: v1-plain-6.1 hybrid-systemd-6.1 v2-plain-6.12 v2-systemd-6.12 v2-systemd-7.2
# limit: 900

load ../lib/guest

# podman's cgroup manager follows the init.
manager() { if has_systemd; then echo systemd; else echo cgroupfs; fi; }

podman_cpus() { container_cpus podman --cgroup-manager "$(manager)" --runtime "$@"; }

# runc without a cgroups path builds its group below the caller's on v1: the caller has to be in the docker partition.
bare_runc() {
    if [[ $(cpuset_version) == v1 ]]; then
        rtshield run --partition docker -- bash -c '. /guest/tests/lib/guest.bash; oci_run runc "$PRINT_CPUS" "$@"' - "$@"
    else
        container_cpus runc "$@"
    fi
}

@test "engines whose first container starts under the shield put it where it asks to be" {
    rtshield create --cpus 2-5
    equal "$(container_cpus docker --cpuset-cpus 2-5)" 2-5 "Docker with 2-5"
    equal "$(container_cpus docker --cpuset-cpus 3)" 3 "Docker with 3"
    equal "$(podman_cpus runc --cpuset-cpus 2-5)" 2-5 "Podman, runc, with 2-5"
    equal "$(podman_cpus crun --cpuset-cpus 3)" 3 "Podman, crun, with 3"
}

@test "containers that ask for no CPUs start" {
    [[ $(container_cpus docker) ]]
    [[ $(podman_cpus runc) ]]
    [[ $(podman_cpus crun) ]]
}

@test "bare runc and crun start, with a cgroups path and without" {
    equal "$(container_cpus runc --cpuset-cpus 2-5 --cgroups-path /docker/r1)" 2-5 "runc with a path"
    equal "$(container_cpus crun --cpuset-cpus 2-5 --cgroups-path /docker/c1)" 2-5 "crun with a path"
    equal "$(container_cpus crun --cpuset-cpus 3)" 3 "crun without a path"
    equal "$(bare_runc --cpuset-cpus 3)" 3 "runc without a path"
    [[ $(container_cpus crun) ]]
    [[ $(bare_runc) ]]
}

@test "runc without a path that cannot be honoured on v1 is refused, not run elsewhere" {
    [[ $(cpuset_version) == v1 ]] || skip "on v2 it is honoured"
    run container_cpus runc --cpuset-cpus 3
    [[ $status -ne 0 && $output == *"permission denied"* ]]
}

@test "CPUs that do not exist are refused by the engine" {
    run container_cpus docker --cpuset-cpus 9
    [[ $status -ne 0 ]]
    run container_cpus crun --cpuset-cpus 9
    [[ $status -ne 0 ]]
}

@test "a running container is moved to other CPUs by its engine" {
    start_container docker moving --cpuset-cpus 3
    local pid
    pid=$(docker inspect --format '{{.State.Pid}}' moving)
    equal "$(cpus_of "$pid")" 3
    docker update --cpuset-cpus 4 moving
    equal "$(cpus_of "$pid")" 4
    rtshield reconcile
    equal "$(cpus_of "$pid")" 4
    remove_container docker moving
}

@test "a plain container that started under the shield is narrowed by reconcile" {
    local pid
    pid=$(start_container docker plain)
    rtshield reconcile
    equal "$(cpus_of "$pid")" "$HOUSEKEEPING"
    if has_systemd; then systemctl daemon-reload; fi
    equal "$(cpus_of "$pid")" "$HOUSEKEEPING" "the same after a reload"
    equal "$(docker inspect --format '{{.State.Running}} {{.State.Pid}}' plain)" "true $pid"
    docker exec plain true
    remove_container docker plain
}

@test "containers start after destroy" {
    rtshield destroy
    equal "$(container_cpus docker)" 0-7 "Docker"
    equal "$(container_cpus docker --cpuset-cpus 3)" 3 "Docker with 3"
    equal "$(podman_cpus crun)" 0-7 "Podman"
    equal "$(container_cpus crun)" 0-7 crun
    # runc builds below its caller's group, which is the root again.
    equal "$(container_cpus runc)" 0-7 runc
}

@test "containers that were running before the shield are narrowed, or left where they asked to be" {
    local plain asked podman
    plain=$(start_container docker plain)
    asked=$(start_container docker asked --cpuset-cpus 3-4)
    podman=$(start_container podman quiet --cgroup-manager "$(manager)")
    rtshield create --cpus 2-5
    equal "$(cpus_of "$plain")" "$HOUSEKEEPING" "a plain Docker container"
    equal "$(cpus_of "$podman")" "$HOUSEKEEPING" "a plain Podman container"
    equal "$(cpus_of "$asked")" 3-4 "a container that asked"
    equal "$(docker inspect --format '{{.State.Pid}}' plain)" "$plain" "the PID of the plain container"
    docker exec plain true
    docker pause plain && docker unpause plain
    equal "$(container_cpus docker --cpuset-cpus 2-5)" 2-5
    rtshield status | grep -q asked || rtshield status --json | jq -e '.' >/dev/null
    shielded 2-5 "^/(user|docker/rtshield)(/|$)|^/rtshield[.]slice(/|$)|$(docker inspect --format '{{.Id}}' asked)"
}

# Fails unless explain finds the container (or reads its state) and says: explains WORD VERDICT CPUS ENGINE.
explains() {
    rtshield explain --json "$1" | tee /dev/stderr |
        jq -e --arg verdict "$2" --arg cpus "$3" --arg engine "$4" \
            '.verdict == $verdict and .cpus == $cpus and .engine == $engine'
}

@test "explain finds running containers, and says why they have CPUs of their own, or not" {
    explains "$(docker inspect --format '{{.Id}}' asked)" exclusive 3-4 docker
    explains "$(docker inspect --format '{{.Id}}' plain | cut -c 1-12)" shared "" docker
    explains "$(podman inspect --format '{{.Id}}' quiet)" shared "" podman
    local engine
    for engine in runc crun; do
        start_container "$engine" "guest-$engine" --cpuset-cpus 5 --cgroups-path "/explained-$engine"
        explains "guest-$engine" exclusive 5 other
        "$engine" state "guest-$engine" | explains - exclusive 5 other
        remove_container "$engine" "guest-$engine"
    done
    run rtshield explain no-such-container
    equal "$status" 1
    [[ $output == *"no container 'no-such-container' is known"* ]]
}

@test "all of it holds after a daemon-reload and an engine restart" {
    if has_systemd; then
        systemctl daemon-reload
        equal "$(cpus_of "$(docker inspect --format '{{.State.Pid}}' plain)")" "$HOUSEKEEPING" "a container that create narrowed"
        equal "$(cpus_of "$(podman inspect --format '{{.State.Pid}}' quiet)")" "$HOUSEKEEPING" "one of Podman"
        systemctl restart docker.service
    else
        stop_docker
        docker_ready
    fi
    equal "$(container_cpus docker --cpuset-cpus 2-5)" 2-5
    equal "$(container_cpus docker --cpuset-cpus 3)" 3
    [[ $(container_cpus docker) ]]
    equal "$(podman_cpus crun --cpuset-cpus 5)" 5
    if has_systemd; then systemctl daemon-reload; fi
    start_container docker later --cpuset-cpus 2
    if has_systemd; then systemctl daemon-reload; fi
    equal "$(cpus_of "$(docker inspect --format '{{.State.Pid}}' later)")" 2 "a container after another reload"
    rtshield reconcile
    shielded 2-5 "^/(user|docker/rtshield)(/|$)|^/rtshield[.]slice(/|$)|$(docker inspect --format '{{.Id}}' later)"
    remove_container docker later
}

@test "destroy gives running containers all CPUs back" {
    remove_container docker plain 2>/dev/null || true
    remove_container docker asked 2>/dev/null || true
    local plain left
    plain=$(start_container docker plain)
    rtshield reconcile
    equal "$(cpus_of "$plain")" "$HOUSEKEEPING"
    if has_systemd; then systemctl daemon-reload; fi
    equal "$(cpus_of "$plain")" "$HOUSEKEEPING" "the same after a reload"
    rtshield destroy
    equal "$(cpus_of "$plain")" 0-7
    if has_systemd; then
        systemctl daemon-reload
        equal "$(cpus_of "$plain")" 0-7 "the same after a reload"
        # What is left for a scope is an empty list, which goes with it.
        left=$(grep -rs 'AllowedCPUs=.' /run/systemd/transient /run/systemd/system.control) || true
        [[ $left != *$(docker inspect --format '{{.Id}}' plain)* ]] || { echo "$left" && false; }
    fi
    docker exec plain true
    remove_container docker plain
    remove_container podman quiet
    equal "$(container_cpus docker --cpuset-cpus 2-5)" 2-5
}
