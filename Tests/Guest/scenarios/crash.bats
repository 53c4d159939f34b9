# kill -9 at any moment of a create, a resize or a destroy; then `rtshield destroy` puts everything back.
# machines: v1-plain-6.1 v2-systemd-6.12 v2-plain-7.2
# limit: 900

load ../lib/guest

setup_file() {
    export BEFORE=$BATS_FILE_TMPDIR/before
    # The first destroy leaves no trace that a later one could miss.
    rtshield create --cpus 2-5 && rtshield destroy
    snapshot_host "$BEFORE"
}

# Runs rtshield and kills it at its N-th call of SYSCALL: killed_at SYSCALL N ARGS… Succeeds when it was killed.
killed_at() {
    local call=$1 number=$2 status=0
    shift 2
    strace -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" rtshield "$@" &>/dev/null ||
        status=$?
    ((status == 137))
}

put_back() {
    rtshield destroy || [[ $? -eq 3 ]]
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" || { echo "after kill -9 at $*" && return 1; }
    [[ ! -e /run/rtshield/journal ]]
}

# Kills a create at each of the numbered calls until it gets through: each_kill SYSCALL NUMBERS…
each_kill() {
    local call=$1 number killed=0
    shift
    for number in "$@"; do
        killed_at "$call" "$number" create --cpus 2-5 || break
        killed=$((killed + 1))
        put_back "$call $number"
    done
    rtshield destroy || true
    ((killed > 0))
}

@test "a create that dies at any group it makes is put back" {
    each_kill mkdirat 1 2 4
}

@test "a create that dies at any of its writes is put back" {
    if has_systemd; then
        each_kill write 1 2 3 5 8 12
    else
        each_kill write 1 2 4 7 10 13 16 19 22 25 29 36
    fi
}

@test "a create that dies while it narrows tasks is put back" {
    each_kill sched_setaffinity 1 9
}

@test "the next create finishes what a dead one left" {
    killed_at write 8 create --cpus 3-6
    run rtshield create --cpus 2-5
    equal "$status" 0
    shielded 2-5
    put_back "a second create"
}

@test "a resize that dies is put back whole" {
    local number
    for number in 2 4 6; do
        rtshield create --cpus 2-5
        killed_at write "$number" create --cpus 3-6
        put_back "write $number of a resize"
    done
}

@test "a destroy that dies is finished by the next" {
    local number
    for number in 1 3 5; do
        rtshield create --cpus 2-5
        killed_at write "$number" destroy
        put_back "write $number of a destroy"
    done
    rtshield create --cpus 2-5
    killed_at unlinkat 1 destroy
    put_back "the first removal of a destroy"
}
