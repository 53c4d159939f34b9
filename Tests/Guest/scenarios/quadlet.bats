# Podman as systemd has it: containers that are units, and pods.
# machines: v2-systemd-6.12 v2-systemd-7.2
# limit: 900

load ../lib/guest

UNITS=/etc/containers/systemd

setup_file() {
    podman_ready
    write_configuration
    rtshield install podman
    rtshield create --cpus 2-5
    mkdir -p "$UNITS"
}

teardown_file() {
    systemctl stop rt.service split.service 2>/dev/null || true
    podman pod rm --all --force --time 0 >/dev/null || true
    podman rm --all --force --time 0 >/dev/null || true
    rm -r "$UNITS"
    systemctl daemon-reload
    rtshield uninstall podman
    rtshield destroy
    rm -r /etc/rtshield
}

# Writes a unit that asks for a CPU: unit NAME LINES…
unit() {
    local name=$1
    shift
    {
        printf '[Container]\nImage=localhost/busybox:latest\nPull=never\nContainerName=%s\nExec=sleep 100000\n' "$name"
        printf 'PodmanArgs=--cpuset-cpus=3\n'
        printf '%s\n' "$@"
        # A machine without a network waits for none.
        printf '[Service]\nTimeoutStartSec=240\n[Quadlet]\nDefaultDependencies=false\n'
    } >"$UNITS/$name.container"
    systemctl daemon-reload
}

REALTIME=(Annotation=rtshield.io/rt-policy=fifo Annotation=rtshield.io/rt-priority=40
    Annotation=irq-load-balancing.crio.io=disable Ulimit=memlock=-1:-1)

# Makes a pod whose container that holds it together is made of what there is: pod_made NAME OPTIONS…
pod_made() {
    local name=$1
    shift
    podman pod create --name "$name" --share uts --infra-image localhost/busybox:latest --infra-command "sleep 100000" "$@" >/dev/null
}

pid_of() { podman inspect --format '{{.State.Pid}}' "$1"; }
runs_on() { [[ $(cpus_of "$(pid_of "$1")") == "$2" ]]; }
conmon_of() { podman inspect --format '{{.State.ConmonPid}}' "$1"; }

@test "Podman is one that has quadlets" {
    (($(major_of podman) >= 5))
}

@test "a unit whose container has a group beside services gets what it asks for, with every start" {
    unit rt CgroupsMode=no-conmon "${REALTIME[@]}"
    systemctl start rt.service
    is_granted "$(pid_of rt)" 40 3
    grep -q '^Max locked memory *unlimited' "/proc/$(pid_of rt)/limits"
    equal "$(cpus_of "$(conmon_of rt)")" "$HOUSEKEEPING" "where its monitor runs"
    systemctl restart rt.service
    is_granted "$(pid_of rt)" 40 3
    systemctl daemon-reload
    is_granted "$(pid_of rt)" 40 3
    systemctl stop rt.service
    equal "$(granted)" ""
}

@test "a unit whose container lies in the group of its service is told that this one has other CPUs" {
    unit split "${REALTIME[@]}"
    run systemctl start split.service
    [[ $status -ne 0 ]]
    journalctl -t rtshield-hook --no-pager -n 20
    journalctl -t rtshield-hook --no-pager | grep -q 'asked for CPU 3 and runs on .*CgroupsMode=no-conmon'
    systemctl reset-failed split.service || true
    equal "$(granted)" ""
}

@test "where it relies on nothing it starts, and has its CPU once the shield has looked at it, then with every start" {
    unit split
    systemctl start split.service
    equal "$(cpus_of "$(pid_of split)")" "$HOUSEKEEPING"
    rtshield reconcile
    eventually 30 runs_on split 3
    unit split "${REALTIME[@]}"
    systemctl restart split.service
    is_granted "$(pid_of split)" 40 3
    systemctl stop split.service
}

@test "one that runs when the shield is made keeps its CPU" {
    rtshield destroy
    unit split
    systemctl start split.service
    equal "$(cpus_of "$(pid_of split)")" 3
    rtshield create --cpus 2-5
    equal "$(cpus_of "$(pid_of split)")" 3
    # What else is in the group of the service has its CPUs too.
    shielded 2-5 '^/rtshield[.]slice(/|$)|^/system[.]slice/split[.]service(/|$)'
    systemctl stop split.service
}

@test "containers of a pod with CPUs run there, and are not kept off them" {
    pod_made pod --cpuset-cpus 3
    equal "$(cpus_of "$(start_container podman inner --pod pod)")" 3
    equal "$(cpus_of "$(start_container podman asking --pod pod --cpuset-cpus 3)")" 3
    podman pod rm --force --time 0 pod >/dev/null
    pod_made plain
    equal "$(cpus_of "$(start_container podman inner --pod plain)")" "$HOUSEKEEPING"
    podman pod rm --force --time 0 plain >/dev/null
    equal "$(granted)" ""
}

@test "a container of a pod that asks for CPUs of its own is granted what it wants there" {
    pod_made pod --cpuset-cpus 2-3
    # shellcheck disable=SC2046
    is_granted "$(start_container podman rt --pod pod --cpuset-cpus 3 $(rt_options 40))" 40 3
    podman pod rm --force --time 0 pod >/dev/null
}
