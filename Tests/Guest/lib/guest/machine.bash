# shellcheck shell=bash
# What the kernel of this guest says: CPUs, cgroups, tasks. The promises of the machine table are in the environment:
# GUEST_MACHINE GUEST_KERNEL GUEST_INIT (plain, systemd) GUEST_CGROUP (v1, v2, hybrid) GUEST_CPUS GUEST_NODES GUEST_ARGUMENTS.

# Fails, and says both values, unless they are the same: equal ACTUAL EXPECTED [WHAT].
equal() {
    [[ $1 == "$2" ]] || {
        printf '%s is "%s", not "%s"\n' "${3:-it}" "$1" "$2"
        return 1
    }
}

# Waits until a command succeeds, at most so many seconds: eventually SECONDS COMMAND…
eventually() {
    local limit=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < limit)) || return 1
        sleep 0.2
    done
}

# Starts a program that outlives the scenario, with its output in a file: outlive FILE COMMAND… bats waits for whoever holds one
# of its descriptors, of which there are more in setup_file than in a test.
outlive() {
    local file=$1
    shift
    (
        for descriptor in /proc/self/fd/*; do
            if ((${descriptor##*/} > 2)); then eval "exec ${descriptor##*/}>&-"; fi
        done
        exec setsid "$@" </dev/null >>"$file" 2>&1
    ) &
}

# Where cpuset is mounted, as `VERSION MOUNTPOINT`: the kernel's mounts say it, /proc/cgroups does not.
cpuset_mount() {
    local mount
    mount=$(awk '{
        for (i = 7; i <= NF && $i != "-"; i++);
        if ($(i + 1) == "cgroup" && $NF ~ /(^|,)cpuset(,|$)/) { print "v1", $5; exit }
    }' /proc/self/mountinfo)
    [[ $mount ]] || mount=$(awk '{
        for (i = 7; i <= NF && $i != "-"; i++);
        if ($(i + 1) == "cgroup2") { print "v2", $5; exit }
    }' /proc/self/mountinfo)
    [[ $mount == v1* ]] || grep -qw cpuset "${mount#* }/cgroup.controllers" || return 1
    echo "$mount"
}

cpuset_version() { cpuset_mount | cut -d' ' -f1; }
cpuset_root() { cpuset_mount | cut -d' ' -f2; }

# The CPUs that a task may use: cpus_of PID.
cpus_of() { awk '$1 == "Cpus_allowed_list:" { print $2 }' "/proc/$1/status"; }

# The group of a task below cpuset_root: group_of PID.
group_of() {
    if [[ $(cpuset_version) == v1 ]]; then
        awk -F: '$2 ~ /(^|,)cpuset(,|$)/ { print $3 }' "/proc/$1/cgroup"
    else
        sed -n 's/^0:://p' "/proc/$1/cgroup"
    fi
}

# Removes the empty groups that engines left behind in a v1 cpuset hierarchy, which nobody else cleans up.
remove_left_groups() { find "$(cpuset_root)" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null || true; }

online_cpus() { cat /sys/devices/system/cpu/online; }

# Succeeds on a machine whose PID 1 is systemd.
has_systemd() { [[ -d /run/systemd/system ]]; }

# Succeeds when the kernel of this guest is of that version or newer: kernel_from 6.7.
kernel_from() { printf '%s\n%s\n' "$1" "$(uname -r)" | sort --version-sort --check=quiet; }
