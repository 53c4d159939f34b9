# shellcheck shell=bash
# Dumps of all that rtshield may change, made to be compared: one line a value, `KIND KEY = VALUE`.

# Sysctls and the like that isolation touches; what a kernel lacks is left out.
SNAPSHOT_SETTINGS="
/sys/devices/system/cpu/online
/proc/irq/default_smp_affinity
/proc/sys/kernel/numa_balancing
/proc/sys/kernel/nmi_watchdog
/proc/sys/kernel/sched_rt_period_us
/proc/sys/kernel/sched_rt_runtime_us
/proc/sys/kernel/soft_watchdog
/proc/sys/kernel/timer_migration
/proc/sys/kernel/watchdog
/proc/sys/kernel/watchdog_cpumask
/proc/sys/kernel/watchdog_thresh
/proc/sys/vm/compaction_proactiveness
/proc/sys/vm/dirty_writeback_centisecs
/proc/sys/vm/stat_interval
/sys/kernel/mm/ksm/run
/sys/kernel/mm/transparent_hugepage/enabled
/sys/kernel/mm/transparent_hugepage/defrag
/sys/kernel/rcu_expedited
/sys/kernel/rcu_normal
"

# Writes the dump of this machine: snapshot_host FILE. What cannot be read whole must not look like a small machine.
snapshot_host() (
    set -eo pipefail
    {
        group_files | dump_files group
        printf '%s\n' /proc/irq/*/smp_affinity_list | dump_files irq
        find /sys/devices/virtual/workqueue -name cpumask | dump_files workqueue
        printf '%s\n' /sys/class/net/*/queues/*/[rx]ps_cpus /sys/devices/system/cpu/cpu*/power/pm_qos_resume_latency_us |
            dump_files setting
        tr ' ' '\n' <<<"$SNAPSHOT_SETTINGS" | dump_files setting
        { find /run/systemd/system /run/systemd/system.control /etc/systemd/system.control -type f 2>/dev/null || true; } |
            dump_files unit
        dump_tasks
    } | sort >"$1"
)

# Every cpuset file of every group, and what groups hand down. Memory pressure is a meter, no setting. libvirtd ends by itself when
# nobody asked it for two minutes.
group_files() {
    awk '{ for (i = 7; i <= NF && $i != "-"; i++); if ($(i + 1) ~ /^cgroup2?$/) print $5 }' /proc/self/mountinfo |
        while read -r mount; do
            # A group may go meanwhile.
            find "$mount" -name libvirtd.service -prune -o \( -name 'cpuset.*' ! -name 'cpuset.memory_pressure*' \
                -o -name cgroup.subtree_control \) -print || true
        done
}

# Reads the files named on standard input; lines of a file are joined by a comma. gawk passes over what cannot be read, as the
# mask of a queue that is alone; mawk ends there.
dump_files() {
    awk -v kind="$1" '
        NF {
            value = ""; found = 0
            while ((status = (getline line < $0)) > 0) { value = value (found++ ? "," : "") line }
            close($0)
            if (status == 0) print kind, $0, "=", value
        }'
}

# One line a task: `task TID-STARTTIME NAME = GROUPS CPUS`. The start time tells a task from a later one of the same number.
dump_tasks() {
    printf '%s\n' /proc/[0-9]*/task/[0-9]* | awk '
        function value_of(key,    text) {
            text = ""
            while ((getline line < (path "/status")) > 0) if (index(line, key ":\t") == 1) text = substr(line, length(key) + 3)
            close(path "/status")
            return text
        }
        {
            path = $0
            if ((getline stat < (path "/stat")) <= 0) next
            close(path "/stat")
            name = stat; sub(/^[0-9]+ \(/, "", name); sub(/\) [^)]*$/, "", name); gsub(/ /, "_", name); sub(/^kworker.*/, "kworker", name)
            sub(/^.*\) /, "", stat); split(stat, field, " ")
            # PF_NO_SETAFFINITY: the kernel binds rescuers and workers to CPUs as it needs them, and lets nobody else do it.
            if (int(field[7] / 67108864) % 2) next
            # The thread of an interrupt runs where its interrupt went last, which the chip chooses.
            if (name ~ /^irq\//) next
            groups = ""
            while ((getline line < (path "/cgroup")) > 0)
                if (line ~ /^0::/ || line ~ /^[0-9]+:([^:]*,)?cpuset[,:]/) groups = groups " " line
            close(path "/cgroup")
            sub(/.*\//, "", $0)
            print "task", $0 "-" field[20], name, "=" groups, value_of("Cpus_allowed_list")
        }'
}

# Prints what differs between two dumps, and fails if anything does: same_host BEFORE AFTER [IGNORED-REGEX].
# Tasks that came or went in between are no difference. Lines that match the regex are left out.
same_host() {
    awk -v ignored="${3-}" '
        ignored != "" && $0 ~ ignored { next }
        {
            at = index($0, " = "); key = substr($0, 1, at - 1); value = substr($0, at + 3)
            task = $1 == "task"
            if (task) key = $1 " " $2
        }
        FNR == NR { before[key] = value; text[key] = $0; next }
        key in before {
            if (before[key] != value) { print "- " text[key]; print "+ " $0; different = 1 }
            delete before[key]; next
        }
        !task { print "+ " $0; different = 1 }
        END {
            for (key in before) if (key !~ /^task /) { print "- " text[key]; different = 1 }
            exit different
        }' "$1" "$2"
}
