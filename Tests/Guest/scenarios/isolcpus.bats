# A host booted with isolcpus=4-7: one more CPU must stay outside every partition, or the kernel crashes.
# machines: isolcpus-*
# limit: 600

load ../lib/guest

unharmed() { ! dmesg | grep -E 'Oops|BUG:|general protection'; }

@test "a shield that leaves only isolcpus CPUs is refused before anything is written" {
    local options
    for options in "" --exclusive --isolated; do
        run rtshield create --cpus 0-3 $options
        equal "$status" 2
        [[ $output == *isolcpus=4-7* ]]
    done
    [[ ! -e /run/rtshield/journal ]]
    unharmed
}

@test "a pool that leaves one ordinary CPU is made, and the kernel lives" {
    rtshield create --cpus 0-2 --exclusive
    equal "$(cat /sys/fs/cgroup/rtshield/cpuset.cpus.partition)" root
    rtshield destroy
    rtshield create --cpus 0-2 --isolated
    equal "$(cat /sys/fs/cgroup/rtshield/cpuset.cpus.partition)" isolated
    rtshield destroy
    unharmed
}

@test "isolcpus CPUs are shielded in the open placement" {
    run rtshield create --cpus 4-7
    equal "$status" 0
    [[ $output == *"isolcpus="* ]]
    equal "$(rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 4-7
    shielded 4-7
    rtshield destroy
    unharmed
}

@test "a pool on isolcpus CPUs is made where the kernel can, and explained where it cannot" {
    run rtshield create --cpus 4-5 --isolated
    echo "$output"
    case $GUEST_KERNEL in
        6.1) equal "$status" 0 ;;
        7.*)
            equal "$status" 0
            equal "$(cat /sys/fs/cgroup/rtshield/cpuset.cpus.partition)" isolated
            equal "$(cat /sys/fs/cgroup/cpuset.cpus.isolated)" 4-7
            rtshield destroy
            # One that is balanced still takes no CPUs of isolcpus=.
            run rtshield create --cpus 4-5 --exclusive
            equal "$status" 1
            [[ $output == *"--isolated"* && ! -e /run/rtshield/journal ]]
            ;;
        *)
            equal "$status" 1
            [[ $output == *"open placement"* && ! -e /run/rtshield/journal ]]
            ;;
    esac
    rtshield destroy || true
    unharmed
}
