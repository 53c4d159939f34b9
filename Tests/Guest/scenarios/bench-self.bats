# The guest is what its line in the machine table promises.
# machines: *

load ../lib/guest

@test "the kernel is the one that the machine names" {
    release=$(uname -r)
    case $GUEST_KERNEL in
        *-rt) [[ $release == "${GUEST_KERNEL%-rt}".*-rt-amd64 ]] ;;
        *) [[ $release == "$GUEST_KERNEL".*-amd64 && $release != *-rt-* ]] ;;
    esac
}

@test "the init is the one that the machine names" {
    case $GUEST_INIT in
        systemd) equal "$(cat /proc/1/comm)" systemd ;;
        plain) [[ $(cat /proc/1/comm) != systemd && ! -d /run/systemd/system ]] ;;
    esac
}

@test "systemd has started everything" {
    has_systemd || skip "no systemd here"
    equal "$(systemctl is-system-running --wait)" running || { systemctl --failed && false; }
}

@test "the machine has the CPUs that it promises" {
    equal "$(cat /sys/devices/system/cpu/present)" "0-$((GUEST_CPUS - 1))"
    case $GUEST_ARGUMENTS in
        "maxcpus=10 guest.offline=3,7" | guest.offline=3,7,10,11) equal "$(online_cpus)" 0-2,4-6,8-9 ;;
        *maxcpus* | *guest.offline*) echo "say here which CPUs these arguments leave online" && false ;;
        *) equal "$(online_cpus)" "0-$((GUEST_CPUS - 1))" ;;
    esac
}

@test "the machine has the NUMA nodes that it promises" {
    equal "$(echo /sys/devices/system/node/node[0-9]* | wc -w)" "$GUEST_NODES"
}

@test "the boot arguments isolate what the machine says" {
    isolated=
    [[ $GUEST_ARGUMENTS =~ isolcpus=([0-9,-]+) ]] && isolated=${BASH_REMATCH[1]}
    equal "$(cat /sys/devices/system/cpu/isolated)" "$isolated"
}

@test "cpuset is where the cgroup layout of the machine has it" {
    case $GUEST_CGROUP-$GUEST_KERNEL in
        v1-*) equal "$(cpuset_mount)" "v1 /sys/fs/cgroup/cpuset" ;;
        v2-*) equal "$(cpuset_mount)" "v2 /sys/fs/cgroup" ;;
        hybrid-6.1) equal "$(cpuset_mount)" "v1 /sys/fs/cgroup/cpuset" ;;
        hybrid-6.12) equal "$(cpuset_mount)" "v2 /sys/fs/cgroup/unified" ;;
    esac
}

@test "the hierarchies are those of the layout" {
    run awk '{ for (i = 7; $i != "-"; i++); if ($(i + 1) ~ /^cgroup/) print $(i + 1), $5 }' /proc/self/mountinfo
    case $GUEST_CGROUP in
        v1) [[ $output != *cgroup2* && $output == *"cgroup /sys/fs/cgroup/"* ]] ;;
        v2) equal "$output" "cgroup2 /sys/fs/cgroup" ;;
        hybrid) [[ $output == *"cgroup2 /sys/fs/cgroup/unified"* && $output == *"cgroup /sys/fs/cgroup/"* ]] ;;
    esac
}

@test "the scenarios run where a service of the machine would" {
    case $GUEST_INIT in
        plain) equal "$(group_of $$)" / ;;
        systemd) [[ $(cat /proc/self/cgroup) == *"/system.slice/rtshield-guest.service"* ]] ;;
    esac
}

@test "a snapshot of an untouched machine is the same twice" {
    snapshot_host "$BATS_TEST_TMPDIR/before"
    snapshot_host "$BATS_TEST_TMPDIR/after"
    same_host "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
    for kind in group irq workqueue setting task; do grep -q "^$kind " "$BATS_TEST_TMPDIR/before"; done
}

@test "a snapshot shows a group, a task and an IRQ that were changed" {
    group=$(cpuset_root)/bench-self
    sleep 1000 3>&- &
    snapshot_host "$BATS_TEST_TMPDIR/before"
    mkdir "$group"
    taskset -cp 1 $! >/dev/null
    old=$(cat /proc/irq/default_smp_affinity)
    # A machine may be booted with irqaffinity=0.
    echo 2 >/proc/irq/default_smp_affinity
    snapshot_host "$BATS_TEST_TMPDIR/after"
    kill $!
    rmdir "$group"
    echo "$old" >/proc/irq/default_smp_affinity
    run same_host "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
    [[ $status == 1 ]]
    [[ $output == *"+ group $group/"* ]]
    [[ $output == *"+ task "*" sleep = "*" 1"* ]]
    [[ $output == *"- setting /proc/irq/default_smp_affinity = $old"* ]]
}
