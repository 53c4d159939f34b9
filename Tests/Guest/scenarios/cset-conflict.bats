# Why rtshield exists: after `cset shield`, no engine starts a container on cgroup v1, and on v2 cset does nothing at all.
# machines: v1-systemd-6.1 v2-systemd-6.1
# limit: 600

load ../lib/guest

# cset itself fails where Docker has run before, so what earlier scenarios left is removed first.
setup_file() {
    [[ $GUEST_CGROUP == v1 ]] || return 0
    stop_docker
    remove_left_groups
    cset shield -c 2-5 -k on
}

teardown_file() {
    [[ $GUEST_CGROUP == v1 ]] || return 0
    stop_docker
    cset shield -r || true # the last test leaves no shield
    remove_left_groups
}

on_v1() { [[ $GUEST_CGROUP == v1 ]] || skip "cset knows cgroup v1 only"; }

refused() {
    run container_cpus "$@"
    echo "$output"
    [[ $status != 0 ]]
}

@test "Docker cannot start a container beside cset's shield" {
    on_v1
    docker_ready
    refused docker --cpuset-cpus 2-5
    [[ $output == *"/sys/fs/cgroup/cpuset/docker/cpuset.cpus: invalid argument"* ]]
}

@test "Docker cannot start one that asks for nothing either" {
    on_v1
    docker_ready
    refused docker
}

@test "crun cannot start a container beside cset's shield" {
    on_v1
    refused crun --cpuset-cpus 2-5
    [[ $output == *"cpuset.cpus"* ]]
}

@test "runc cannot start a container beside cset's shield" {
    on_v1
    refused runc --cpuset-cpus 2-5
    [[ $output == *"cpuset.cpus: permission denied"* ]]
}

@test "check names the groups of cset, and says that engines cannot start containers" {
    on_v1
    run rtshield check host
    echo "$output"
    equal "$status" 1
    [[ $output == *"[host.exclusive-groups]"* ]]
}

@test "cset fails itself where Docker has run before" {
    on_v1
    cset shield -r
    container_cpus docker
    run cset shield -c 2-5 -k on
    echo "$output"
    [[ $status != 0 && $output == *"[Errno 22] Invalid argument"* ]]
}

@test "cset finds no cpusets on cgroup v2" {
    [[ $GUEST_CGROUP == v2 ]] || skip "this machine has cgroup v1"
    run cset shield -c 2-5 -k on
    [[ $status != 0 && $output == *"mount of cpuset filesystem failed"* ]]
}
