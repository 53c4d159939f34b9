# Two NUMA nodes, cores of two threads, CPUs that are offline, holes in the numbering.
# machines: odd-*
# limit: 600

load ../lib/guest

setup_file() {
    export BEFORE=$BATS_FILE_TMPDIR/before
    snapshot_host "$BEFORE"
}

@test "offline and absent CPUs are refused" {
    run rtshield create --cpus 2-3
    equal "$status" 2
    [[ $output == *offline* ]]
    run rtshield create --cpus 11-12
    equal "$status" 2
    [[ $output == *"does not exist"* ]]
}

@test "NUMA nodes follow from the CPUs" {
    # A v2 group that may use all memory has no list of its own.
    local mems=cpuset.mems
    [[ $(cpuset_version) == v1 ]] || mems=cpuset.mems.effective
    rtshield create --cpus 8-9
    equal "$(cat "$(cpuset_root)/user/$mems")" 1 "the memory of the shield"
    equal "$(cat "$(cpuset_root)/system/$mems")" 0-1 "the memory of housekeeping"
    equal "$(cat "$(cpuset_root)/system/cpuset.cpus")" 0-2,4-6
    equal "$(rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 8-9
    shielded 8-9
    rtshield status
    rtshield destroy
    rtshield create --cpus 8-9 --mems 0-1
    equal "$(cat "$(cpuset_root)/user/$mems")" 0-1
    rtshield destroy
    run rtshield create --cpus 8-9 --mems 2
    equal "$status" 2
}

@test "a shield that splits a core names the sibling" {
    run rtshield create --cpus 5-6
    equal "$status" 0
    [[ $output == *"CPU 5 shares its core with CPU 4"* ]] || { echo "$output" && false; }
    rtshield destroy
    run rtshield create --cpus 4-5
    [[ $output != *"shares its core"* ]]
    rtshield destroy
}

@test "everything is as it was" {
    snapshot_host "$BATS_TEST_TMPDIR/after"
    # sched_setaffinity(2) of 6.1 drops the CPUs that are offline: all CPUs, or those of a node, come back without them.
    local all='0-11|0-2,4-6,8-9' nodes='0-5|0-2,4-5|6-9|6,8-9'
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" "^task .* ($all|$nodes)\$"
}
