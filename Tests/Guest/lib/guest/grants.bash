# shellcheck shell=bash
# What a container was granted, told by the kernel alone.

# Annotations of a container that wants real time and silence, as podman takes them: rt_options PRIORITY.
rt_options() {
    echo --annotation rtshield.io/rt-policy=fifo --annotation "rtshield.io/rt-priority=$1" \
        --annotation irq-load-balancing.crio.io=disable
}

# The same as a jq filter for config.json.
rt_annotations() {
    printf '.annotations += {"rtshield.io/rt-policy": "fifo", "rtshield.io/rt-priority": "%s",
        "irq-load-balancing.crio.io": "disable"}' "$1"
}

# A jq filter that adds a program of /usr/local/bin as hook: with_hook PROGRAM.
with_hook() {
    printf '.hooks.createRuntime = [{ path: "/usr/local/bin/%s", args: ["%s"], timeout: 120 }] |
        .hooks.poststop = .hooks.createRuntime' "$1" "$1"
}

# Writes a bundle with the hook, whose program sleeps: hooked_bundle NAME FILTER. The filter edits config.json.
hooked_bundle() {
    bundle "/run/guest/bundle-$1" "$2 | $(with_hook rtshield-hook)"' | .process.args = ["sleep", "100000"]'
}

# Starts a container with the hook by a runtime alone: by_hand RUNTIME NAME FILTER.
# The container has a file for its output: who waits for the end of a pipe would wait for the end of the container.
by_hand() {
    local status=0
    hooked_bundle "$2" "$3 | .linux.cgroupsPath = \"/docker/$2\""
    "$1" run --detach --bundle "/run/guest/bundle-$2" "$2" </dev/null &>"/run/guest/said-$2" 3>&- || status=$?
    cat "/run/guest/said-$2"
    return "$status"
}

pid_by_hand() { "$1" state "$2" | jq .pid; }

# What machines have to have for grants: write_configuration [LINES-BELOW-CONTAINERS]. An emulated machine needs its time.
write_configuration() {
    mkdir -p /etc/rtshield
    cat >/etc/rtshield/config.yaml <<END
shield:
  cpus: 2-5
realtime:
  max-priority: 50
  policies: [fifo, rr, deadline]
containers:
  hook-seconds: 60
${1-}
END
}

# The policy and the priority of a task, such as `SCHED_FIFO 40`: scheduling_of PID.
scheduling_of() { chrt --pid "$1" | awk -F': ' '/policy/ { policy = $2 } /priority/ { priority = $2 } END { print policy, priority }'; }

# The highest real-time priority that a process may take: priority_limit_of PID.
priority_limit_of() { awk '/^Max realtime priority/ { print $5 }' "/proc/$1/limits"; }

# Fails unless a container's first process is FIFO at a priority, on a CPU, and may take that priority and no higher one:
# is_granted PID PRIORITY CPUS.
is_granted() {
    equal "$(scheduling_of "$1")" "SCHED_FIFO $2" "its scheduling" &&
        equal "$(priority_limit_of "$1")" "$2" "its limit" && equal "$(cpus_of "$1")" "$3" "its CPUs"
}

# What a program does in the container that wants priority 40: it takes 40, and is refused 41.
RAISE='chrt -f 40 true && echo took 40; chrt -f 41 true 2>/dev/null || echo refused 41'
export RAISE

# Prints the kernel threads that may use one of the CPUs although they can be moved: kernel_threads_on LIST. The thread of an
# interrupt is left out: it goes where its interrupt goes.
kernel_threads_on() {
    movable_on "$1" | awk '
        /^irq\// || !match($0, /\/proc\/[0-9]+\/task\/[0-9]+/) { next }
        {
            path = substr($0, RSTART, RLENGTH)
            if ((getline stat < (path "/stat")) <= 0) next
            close(path "/stat")
            sub(/^.*\) /, "", stat); split(stat, field, " ")
            if (int(field[7] / 2097152) % 2) print  # PF_KTHREAD
        }'
}

# The containers that `ps` lists, by their ids or names.
granted() { rtshield ps --json | jq -r '.[].id'; }
