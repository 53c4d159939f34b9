# shellcheck shell=bash
# Reads the headers of the scenarios: which machines they are for, how long they may take, how many tests they hold.

DEFAULT_LIMIT=300

scenario_names() {
    local file
    for file in "$GUEST"/scenarios/*.bats; do basename "$file" .bats; done
}

scenario_file() {
    local file=$GUEST/scenarios/$1.bats
    [[ -f $file ]] || die "no scenario is called '$1'" "they are: $(scenario_names | paste -sd' ')"
    echo "$file"
}

# The value of a header line `# KEY: VALUE`.
header() { sed -n "s/^# $2: *//p" "$1" | head -n 1; }

scenario_limit() {
    local limit
    limit=$(header "$1" limit)
    echo "${limit:-$DEFAULT_LIMIT}"
}

count_tests() { grep -cE '^[[:space:]]*@test ' "$1"; }

# Succeeds when one of the globs of a scenario's `machines` header matches the machine, and none that begins with `!`.
runs_on() {
    local file=$1 machine=$2 glob found=1
    local -a globs
    read -ra globs <<<"$(header "$file" machines)"
    ((${#globs[@]})) || die "$(basename "$file") has no '# machines:' header"
    for glob in "${globs[@]}"; do
        # shellcheck disable=SC2053  # a glob is meant
        case $glob in
            !*) [[ $machine != ${glob#!} ]] || return 1 ;;
            *) [[ $machine != $glob ]] || found=0 ;;
        esac
    done
    return "$found"
}

# The lines `SCENARIO LIMIT` of what a machine runs, out of the scenarios named.
order_for() {
    local machine=$1 name file
    shift
    for name; do
        file=$(scenario_file "$name")
        if runs_on "$file" "$machine"; then echo "$name $(scenario_limit "$file")"; fi
    done
}
