# The pool placement: the kernel guards the shield, and only what is started inside gets its CPUs.
# machines: v1-plain-6.1 v2-plain-6.1 v2-plain-6.12 v2-systemd-6.12 v2-systemd-7.2
# limit: 900

load ../lib/guest

setup_file() {
    export BEFORE=$BATS_FILE_TMPDIR/before
}

pool_group() { if has_systemd; then echo rtshield.slice; else echo rtshield; fi; }
pool_parent() { rtshield create "$@" --json 2>/dev/null | jq -r '.engineParents.docker'; }
own_cpus() { rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status; }

# What the kernel itself says of the guard: guarded CPUS.
guarded() {
    local root group
    root=$(cpuset_root)
    group=$root/$(pool_group)
    if [[ $(cpuset_version) == v1 ]]; then
        equal "$(cat "$root/cpuset.sched_load_balance") $(cat "$group/cpuset.sched_load_balance")" "0 0" "balancing"
        equal "$(cat "$group/cpuset.cpus")" "$1"
    else
        equal "$(cat "$group/cpuset.cpus.partition")" isolated
        equal "$(cat "$group/cpuset.cpus.effective")" "$1"
    fi
}

@test "a container that request shielded CPUs stands in the way of a pool, and is named" {
    docker_ready
    snapshot_host "$BEFORE"
    start_container docker blocker --cpuset-cpus 3
    run rtshield create --cpus 2-5 --isolated
    echo "$output"
    equal "$status" 1
    [[ $output == *"request shielded CPUs"* && $output == *"$(docker inspect --format '{{.Id}}' blocker | cut -c1-12)"* ]]
    remove_container docker blocker
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" "subtree_control|^group "
}

@test "an isolated pool is guarded by the kernel, and everything else leaves it" {
    run rtshield create --cpus 2-5 --isolated
    echo "$output"
    equal "$status" 0
    [[ $output == *"cgroup parent"* ]]
    guarded 2-5
    shielded 2-5
    equal "$(own_cpus)" 2-5
}

@test "systemd makes the partition where it can" {
    has_systemd || skip "no systemd here"
    local setting
    setting=$(grep -c '^CPUSetPartition=isolated$' /run/systemd/system/rtshield.slice) || true
    equal "$setting" "$(($(systemctl show --property Version --value | grep -oE '^[0-9]+') >= 261))"
    # A reload is a reason for systemd to write what it knows.
    systemctl daemon-reload
    systemd-run --quiet --collect true
    guarded 2-5
    [[ -z $(journalctl --boot --unit rtshield.slice --grep 'Failed to set' --quiet --output cat) ]]
}

@test "a container started with the pool's cgroup parent runs on the shield, others run off it" {
    local parent
    parent=$(rtshield create --cpus 2-5 --isolated --json | jq -r '.engineParents.docker')
    equal "$(container_cpus docker --cgroup-parent "$parent")" 2-5 "inside the pool"
    if [[ $(cpuset_version) == v1 ]]; then
        equal "$(container_cpus docker --cgroup-parent "$parent" --cpuset-cpus 3)" 3 "one CPU of the pool"
    elif (($(major_of docker) < 26)); then
        # dockerd itself only knows the CPUs that the root has left: 20.10 looks each time, 26 and later when they start, here
        # before the pool was made. Podman asks the kernel.
        run container_cpus docker --cgroup-parent "$parent" --cpuset-cpus 3
        [[ $status -ne 0 && $output == *"not available"* ]]
    else
        equal "$(container_cpus docker --cgroup-parent "$parent" --cpuset-cpus 3)" 3 "one CPU of the pool"
    fi
    equal "$(container_cpus docker)" "$HOUSEKEEPING" "outside the pool"
    run container_cpus docker --cpuset-cpus 3
    echo "$output"
    # Where no engine refuses, cgroup v2 gives a group that asks for CPUs that are not there those of its parent.
    [[ $status -ne 0 || ${lines[-1]} == "$HOUSEKEEPING" ]]
    [[ $status -ne 0 ]] || (($(major_of docker) >= 26))
    guarded 2-5
}

@test "the guard holds after a daemon-reload and further containers" {
    has_systemd || skip "no systemd here"
    systemctl daemon-reload
    systemctl restart docker.service
    [[ $(container_cpus docker) ]]
    systemctl daemon-reload
    guarded 2-5
}

@test "a pool is resized in place" {
    rtshield create --cpus 3-6 --isolated
    guarded 3-6
    equal "$(own_cpus)" 3-6
    rtshield create --cpus 2-5 --isolated
    guarded 2-5
}

@test "another placement is refused while the pool stands" {
    run rtshield create --cpus 2-5
    equal "$status" 1
    [[ $output == *"rtshield destroy"* ]]
    guarded 2-5
}

@test "destroy gives every CPU back" {
    rtshield destroy
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" "subtree_control|^group |cpuset[.]cpus[.]effective"
    if [[ $(cpuset_version) == v2 ]]; then equal "$(cat "$(cpuset_root)/cpuset.cpus.effective")" 0-7; fi
    # One that started under the pool knows of no other CPUs until it starts again.
    ! has_systemd || systemctl restart docker.service
    equal "$(container_cpus docker --cpuset-cpus 2-5)" 2-5
}

@test "a pool without isolation keeps load balancing inside" {
    rtshield create --cpus 2-5 --exclusive
    if [[ $(cpuset_version) == v1 ]]; then
        equal "$(cat "$(cpuset_root)/cpuset.sched_load_balance")" 0
        equal "$(cat "$(cpuset_root)/rtshield/cpuset.sched_load_balance")" 1
    else
        equal "$(cat "$(cpuset_root)/$(pool_group)/cpuset.cpus.partition")" root
    fi
    equal "$(own_cpus)" 2-5
    rtshield destroy
    # Kernel threads, too, which follow no cpuset since 7.0.
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" "subtree_control|^group |cpuset[.]cpus[.]effective"
}

@test "a partition of somebody else stays what it is beside a pool, and its CPU with it" {
    local root kind file
    root=$(cpuset_root)
    [[ $(cpuset_version) == v2 ]] || skip "there are no partitions on v1"
    grep -qw cpuset "$root/cgroup.subtree_control" || echo +cpuset >"$root/cgroup.subtree_control"
    # docs/decisions/0005: an earlier shield leaves such lists, and no kernel before 7.0 takes a partition beside them.
    kernel_from 7.0 || ! grep -q . "$root"/*/cpuset.cpus || skip "a group beside it lists CPUs by now"
    mkdir "$root/guests"
    echo 6 >"$root/guests/cpuset.cpus"
    echo isolated >"$root/guests/cpuset.cpus.partition"
    equal "$(cat "$root/guests/cpuset.cpus.partition")" isolated
    for kind in --isolated --exclusive ""; do
        # shellcheck disable=SC2086  # the last is none
        rtshield create --cpus 2-5 $kind
        equal "$(cat "$root/guests/cpuset.cpus.partition")" isolated "the partition beside a shield '$kind'"
        rtshield status --json | jq -e '.shield.housekeeping == "0-1,7"'
        run rtshield create --cpus 5-6 $kind
        equal "$status" 2
        rtshield destroy
        equal "$(cat "$root/guests/cpuset.cpus.partition")" isolated "the partition after a shield '$kind'"
    done
    echo member >"$root/guests/cpuset.cpus.partition"
    rmdir "$root/guests"
    # docs/decisions/0005: such a kernel takes no empty list back either, and the list of every CPU would have spoilt the partition.
    find "$root" -name cpuset.cpus | while read -r file; do [[ $(<"$file") != 0-5,7 ]] || echo 0-7 >"$file"; done
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BEFORE" "$BATS_TEST_TMPDIR/after" "subtree_control|^group |cpuset[.]cpus[.]effective|^workqueue "
    # Unbound work is kept off CPUs that are isolated when a shield ends, and told of.
    echo ff >/sys/devices/virtual/workqueue/cpumask
}

@test "a sibling that lists every CPU is narrowed for the pool, and is as before afterwards" {
    local root
    root=$(cpuset_root)
    [[ $(cpuset_version) == v1 ]] || grep -qw cpuset "$root/cgroup.subtree_control" || echo +cpuset >"$root/cgroup.subtree_control"
    mkdir "$root/neighbour"
    [[ $(cpuset_version) == v2 ]] || echo 0 >"$root/neighbour/cpuset.mems"
    echo 0-7 >"$root/neighbour/cpuset.cpus"
    rtshield create --cpus 2-5 --isolated
    guarded 2-5
    equal "$(cat "$root/neighbour/cpuset.cpus")" "$HOUSEKEEPING"
    rtshield destroy
    equal "$(cat "$root/neighbour/cpuset.cpus")" 0-7
    rmdir "$root/neighbour"
}

@test "a reservation that an earlier partition left behind does not spoil the pool" {
    local root
    root=$(cpuset_root)
    mkdir "$root/leftover"
    if [[ ! -e $root/leftover/cpuset.cpus.exclusive ]]; then
        rmdir "$root/leftover"
        skip "this kernel has no cpuset.cpus.exclusive"
    fi
    echo 4-5 >"$root/leftover/cpuset.cpus.exclusive"
    rtshield create --cpus 2-5 --isolated
    guarded 2-5
    rtshield destroy
    equal "$(cat "$root/leftover/cpuset.cpus.exclusive")" 4-5
    rmdir "$root/leftover"
    equal "$(cat "$root/cpuset.cpus.effective")" 0-7 "the CPUs of the root"
}
