# shellcheck shell=bash
# What a shield must have done, told by the kernel alone.

# Prints the movable tasks that may use one of the CPUs: movable_on LIST. Tasks that end meanwhile are left out; so are those in
# groups whose path matches the second argument, a regex. The caller itself is left out too.
movable_on() {
    printf '%s\n' /proc/[0-9]*/task/[0-9]* | awk -v list="$1" -v skipped="${2:-^$}" -v version="$(cpuset_version)" '
        function expand(text, set,    parts, n, i, ends, cpu) {
            delete set
            n = split(text, parts, ",")
            for (i = 1; i <= n; i++) {
                if (split(parts[i], ends, "-") == 1) ends[2] = ends[1]
                for (cpu = ends[1] + 0; cpu <= ends[2] + 0; cpu++) set[cpu] = 1
            }
        }
        function group_of(path,    text, fields) {
            text = ""
            while ((getline line < (path "/cgroup")) > 0) {
                split(line, fields, ":")
                if (version == "v1" ? ("," fields[2] ",") ~ /,cpuset,/ : fields[1] == "0")
                    text = substr(line, length(fields[1]) + length(fields[2]) + 3)
            }
            close(path "/cgroup")
            return text
        }
        BEGIN { expand(list, wanted) }
        {
            path = $0
            if ((getline stat < (path "/stat")) <= 0) next
            close(path "/stat")
            name = stat; sub(/^[0-9]+ \(/, "", name); sub(/\) [^)]*$/, "", name)
            sub(/^.*\) /, "", stat); split(stat, field, " ")
            if (field[1] == "Z" || field[1] == "X") next
            if (int(field[7] / 67108864) % 2) next  # PF_NO_SETAFFINITY
            allowed = ""
            while ((getline line < (path "/status")) > 0)
                if (index(line, "Cpus_allowed_list:\t") == 1) allowed = substr(line, 20)
            close(path "/status")
            if (allowed == "") next
            expand(allowed, cpus); touches = outside = 0
            for (cpu in cpus) if (cpu in wanted) touches = 1; else outside = 1
            # A kernel thread that only has shielded CPUs was bound to them by its driver.
            if (!touches || (!outside && int(field[7] / 2097152) % 2)) next
            group = group_of(path)
            if (group !~ skipped) print name, path, allowed, group
        }'
}

# Succeeds when no movable task outside the partitions may use the CPUs: shielded LIST [SKIPPED-GROUPS-REGEX].
shielded() {
    local left
    left=$(movable_on "$1" "${2:-^/(user|docker/rtshield|rtshield)(/|$)|^/rtshield[.]slice(/|$)}")
    [[ -z $left ]] || {
        printf 'may still use CPUs of %s:\n%s\n' "$1" "$left"
        return 1
    }
}

# The housekeeping CPUs of an 8-CPU machine whose CPUs 2-5 are shielded, as the kernel prints them.
export HOUSEKEEPING=0-1,6-7
