# Every container engine starts containers on an untouched machine, and keeps them to the CPUs they ask for.
# machines: v2-systemd-6.12 v2-systemd-7.2
# limit: 900

load ../lib/guest

# A container that asks for nothing gets all CPUs; what that means under isolcpus= differs between kernels.
asks_for_nothing() {
    local cpus
    cpus=$(container_cpus "$@")
    [[ $GUEST_ARGUMENTS == *isolcpus* ]] || equal "$cpus" "$(online_cpus)" "where $1 runs"
}

asks_for_cpu_2() { equal "$(container_cpus "$@" --cpuset-cpus 2)" 2 "where $1 runs"; }

@test "runc" {
    asks_for_nothing runc
    asks_for_cpu_2 runc
}

@test "crun" {
    asks_for_nothing crun
    asks_for_cpu_2 crun
}

@test "runc and crun through systemd" {
    has_systemd || skip "no systemd here"
    for engine in runc crun; do
        asks_for_nothing "$engine" --systemd-cgroup --cgroups-path system.slice:guest:first
        asks_for_cpu_2 "$engine" --systemd-cgroup --cgroups-path system.slice:guest:second
    done
}

@test "Docker" {
    docker_ready
    asks_for_nothing docker
    asks_for_cpu_2 docker
}

@test "Podman with crun" {
    asks_for_nothing podman --runtime crun
    asks_for_cpu_2 podman --runtime crun
}

@test "Podman with runc" {
    asks_for_nothing podman --runtime runc
    asks_for_cpu_2 podman --runtime runc
}

@test "Podman without systemd's help" {
    asks_for_nothing podman --cgroup-manager cgroupfs
    asks_for_cpu_2 podman --cgroup-manager cgroupfs
}

@test "a container runs on in the background until it is removed" {
    for engine in runc crun docker podman; do
        pid=$(start_container "$engine" sleeper --cpuset-cpus 2)
        equal "$(cpus_of "$pid")" 2 "where $engine runs"
        [[ $(tr '\0' ' ' <"/proc/$pid/cmdline") == *sleep* ]]
        remove_container "$engine" sleeper
        eventually 10 test ! -d "/proc/$pid"
    done
}
