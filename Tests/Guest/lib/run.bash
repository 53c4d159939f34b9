# shellcheck shell=bash
# Boots machines, follows their transcripts, and notices those that do not boot or hang.

# Seconds that a kernel may be silent before it has booted; it takes a tenth to a half of that.
BOOT_LIMIT=${RTSHIELD_GUEST_BOOT_LIMIT:-150}
# What the runner may need between two lines of the transcript on top of a scenario's own limit: `rtshield destroy`, logs.
SLACK=180
# Seconds that it may need when its kernel told of a stall.
STALL=150

# Prints one line of progress: machine, seconds since it was started, text.
progress() { printf '%-20s %4d s  %s\n' "$machine" "$((SECONDS - started))" "$*"; }

# Whether a guest that is running has the directory as its results share.
in_use() { pgrep -f -- "id=results,path=$1,security_model" >/dev/null; }

# Empties the results directory $1, promises in it what the machine last read is, and copies there what the guest will run:
# what is edited while it runs does not change what it runs.
prepare_results() {
    local results=$1
    ! in_use "$results" || die "$results belongs to a guest that is running" \
        "try: another directory, in RTSHIELD_GUEST_RESULTS"
    rm -rf "$results"
    mkdir -p "$results"
    cp -a "$GUEST" "$results/tests"
    cp -a "$GUEST/../../packaging" "$results/tests/packaging"
    machine_promises >"$results/machine"
    : >"$results/transcript"
    : >"$results/console"
}

# Turns the transcript into lines of progress, until the process $1 has ended.
follow() {
    local line scenario=
    tail -n +1 -s 0.3 -f --pid="$1" "$2/transcript" | while IFS= read -r line; do
        case $line in
            "@boot "*) progress "booted, up ${line#@boot } s" ;;
            "@scenario "*) scenario=${line#@scenario } ;;
            "@timeout "*) progress "STOPPED  $scenario: not done within its limit of ${line#@timeout } s" ;;
            "ok "* | "not ok "*) progress "$(verdict "$line" "$scenario")" ;;
            "# "*) printf '%-20s         %s\n' "$machine" "    ${line#\# }" ;;
            @* | 1..*) ;;
            *) progress "  $line" ;;
        esac
    done
}

# `ok 3 a sentence in 12ms # skip why` as `skip    scenario: a sentence (why)`.
verdict() {
    local line=$1 word=ok text
    text=${line#not }
    text=${text#ok }
    text=${text#* }
    [[ $line != not* ]] || word=FAILED
    if [[ $text =~ ^(.*)\ \#\ skip\ ?(.*)$ ]]; then
        word=skip
        text="${BASH_REMATCH[1]% in *ms} (${BASH_REMATCH[2]})"
    fi
    printf '%-7s %s: %s' "$word" "$2" "$text"
}

# Whether the kernel told of CPUs that do not move on.
stalls() { grep -qs 'rcu: INFO: .*stall' "$1/console"; }

# Seconds without a line in the transcript after which a guest counts as hung.
allowed_silence() {
    local scenario
    if ! grep -q '^@boot' "$1/transcript"; then
        echo "$BOOT_LIMIT"
        return
    fi
    scenario=$(sed -n 's/^@scenario //p' "$1/transcript" | tail -n 1)
    awk -v name="$scenario" -v slack="$SLACK" '$1 == name { limit = $2 } END { print limit + slack }' "$1/order"
}

# When a guest was last heard of, in seconds since 1970; its kernel counts until it has booted.
last_word() {
    if grep -q '^@boot' "$1/transcript"; then
        stat -c %Y "$1/transcript"
    else
        stat -c %Y "$1/transcript" "$1/console" | sort -n | tail -n 1
    fi
}

# Waits for a guest, and ends one that has been silent for too long, or whose bench is gone.
supervise() {
    local qemu=$1 results=$2 silence
    while kill -0 "$qemu" 2>/dev/null; do
        sleep 1
        [[ -d /proc/$$ ]] || kill "$qemu"
        silence=$(($(date +%s) - $(last_word "$results")))
        if ((silence > $(allowed_silence "$results"))) || { ((silence > STALL)) && stalls "$results"; }; then
            echo "$silence" >"$results/hung"
            kill "$qemu"
        fi
    done
}

# Why a machine that has ended did not do all it should; nothing when it did.
what_went_wrong() {
    local results=$1 hung=
    [[ ! -f $results/hung ]] || hung=$(<"$results/hung")
    if grep -q '^@end' "$results/transcript"; then
        return
    elif ! grep -q '^@boot' "$results/transcript"; then
        echo "did not boot${hung:+ within $hung s}"
    elif [[ $hung ]]; then
        echo "hung: nothing was heard of it for $hung s"
    else
        echo "stopped before it was done"
    fi
}

# Whether the emulator, not the kernel, brought the guest down, which is why it emulates all CPUs in one thread. The kernel patches a branch (jump labels) by way of a breakpoint
# that another emulated CPU then still executes after it is gone; a guest stands still while its CPUs set up their MTRRs; QEMU
# itself ends at an assertion of msix.c; CPUs loop for ever in code of the kernel that has no loop (RCU tells of a stall). All seen
# with QEMU 7.2 and several threads.
emulator_slipped() {
    ! grep -q '^@boot' "$1/transcript" || grep -qs 'Oops: int3\|int3: 0000 \[#' "$1/console" "$1/dmesg" ||
        { [[ -f $1/hung ]] && stalls "$1"; }
}

# Boots one machine and runs what $3 says, lines of `SCENARIO LIMIT`; again, at most twice, when the emulator slipped.
run_machine() {
    local attempt
    for attempt in 1 2 3; do
        run_machine_once "$@"
        if ((attempt == 3)) || ! emulator_slipped "$2"; then break; fi
        printf '%-20s         the emulator slipped; once more\n' "$1"
    done
}

run_machine_once() {
    local machine=$1 results=$2 order=$3 started=$SECONDS command qemu follower wrong
    read_machine "$machine"
    prepare_results "$results"
    echo "$order" >"$results/order"
    mapfile -t command < <(qemu_command "$results")
    # shellcheck disable=SC2153  # set by read_machine
    progress "boots ${MACHINE[kernel]}, ${MACHINE[init]}, ${MACHINE[cgroup]}, ${MACHINE[count]} CPUs:" \
        "$(cut -d' ' -f1 <<<"$order" | paste -sd' ')"
    "${command[@]}" -serial "file:$results/console" >"$results/qemu" 2>&1 </dev/null &
    qemu=$!
    disown "$qemu" # its end is told in our words
    trap 'kill "$qemu" 2>/dev/null; exit 1' TERM
    follow "$qemu" "$results" &
    follower=$!
    supervise "$qemu" "$results"
    wait "$follower"
    wrong=$(what_went_wrong "$results")
    if [[ $wrong ]]; then
        echo "$wrong" >"$results/wrong"
        progress "FAILED  $wrong"
        show_last_words "$results"
    fi
    progress "done"
}

# What qemu complained of, and the last lines of the console.
show_last_words() {
    local log
    for log in qemu console; do
        [[ ! -s $1/$log ]] || tail -n 40 "$1/$log" | tr -d '\r' | sed "1i the last lines of $1/$log:" | sed 's/^/    /'
    done
}
