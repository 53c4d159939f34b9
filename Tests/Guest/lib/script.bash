# shellcheck shell=bash
# Runs a program that is no scenario in a machine, and shows what it prints while it prints it.

# Seconds that a script may take once the machine is up.
SCRIPT_LIMIT=${RTSHIELD_GUEST_SCRIPT_LIMIT:-900}

# script MACHINE SCRIPT [FILE...]: ends with the status of SCRIPT; it finds each FILE on its PATH.
script() {
    local machine=${1?script needs the name of a machine} script=${2?script needs a file to run} results command qemu
    shift 2
    prepare "$machine"
    read_machine "$machine"
    # shellcheck disable=SC2153  # set by bench
    results=$RESULTS/script-$machine
    prepare_results "$results"
    echo "script $SCRIPT_LIMIT" >"$results/order"
    echo "GUEST_MODE=script" >>"$results/machine"
    mkdir "$results/files"
    install -m 755 "$script" "$results/files/guest-script"
    (($# == 0)) || install -m 755 -t "$results/files" "$@"
    : >"$results/output"
    mapfile -t command < <(qemu_command "$results")
    "${command[@]}" -serial "file:$results/console" >"$results/qemu" 2>&1 </dev/null &
    qemu=$!
    # shellcheck disable=SC2064  # the number is meant as it is now
    trap "kill $qemu 2>/dev/null; exit 130" INT TERM
    show_boot "$qemu" "$results" &
    tail -n +1 -s 0.1 -f --pid="$qemu" "$results/output" &
    supervise "$qemu" "$results"
    wait
    if [[ ! -s $results/status ]]; then
        say "$machine $(what_went_wrong "$results")"
        show_last_words "$results" >&2
        return 1
    fi
    return "$(<"$results/status")"
}

# Counts the seconds on a terminal until the machine $2 is up or its qemu $1 has ended.
show_boot() {
    local start=$SECONDS
    [[ -t 2 ]] || return 0
    while kill -0 "$1" 2>/dev/null && ! grep -q '^@boot' "$2/transcript"; do
        printf '\rbench: booting, %d s' "$((SECONDS - start))" >&2
        sleep 0.5
    done
    printf '\r\e[K' >&2
}
