# What check says of a machine as it is, of a shielded one, and of one that is broken in many ways.
# machines: v1-plain-6.1 v2-plain-6.12 v2-systemd-7.2
# limit: 600

load ../lib/guest

setup_file() { docker_ready; }

teardown_file() {
    rtshield destroy || true
    rm -rf /etc/rtshield
}

# The rules that tell of something at least that bad: found SEVERITY [TOPIC].
found() {
    rtshield check "${2:-all}" --json >/run/guest/check.json || true
    jq --raw-output --arg least "$1" '
        ["ok", "note", "warning", "error"] as $order | ($order | index($least)) as $least |
        .findings[] | select(.severity as $is | ($order | index($is)) >= $least) | .rule' /run/guest/check.json | sort -u
}

# Breaks something and finds it, mends it and finds it no more: breaks RULE BREAK MEND. Both are commands.
breaks() {
    local before
    before=$(found warning)
    echo "$1: $2"
    ! grep -qxF "$1" <<<"$before" || { echo "$1 was found before" && return 1; }
    eval "$2"
    found warning | grep -qxF "$1" || { echo "$1 was not found" && cat /run/guest/check.json && return 1; }
    # What is wrong is told with what mends it.
    [[ $(jq --arg rule "$1" '[.findings[] | select(.rule == $rule and .severity != "ok")] | all(.fix != null and .wanted != null)' \
        /run/guest/check.json) == true ]]
    eval "$3"
    ! found warning | grep -qxF "$1" || { echo "$1 was found after it was mended" && return 1; }
}

@test "a plain host has no errors" {
    run rtshield check
    echo "$output"
    [[ $status == 0 || $status == 4 ]]
    equal "$(found error)" ""
    [[ $output == *"No CPU of this machine is meant to be quiet"* ]]
}

@test "a shielded host has no errors either, and its shield is what is meant" {
    rtshield create --cpus 2-5
    run rtshield check
    echo "$output"
    [[ $status == 0 || $status == 4 ]]
    [[ $output == *"CPUs 2-5 are meant to be quiet, according to the shield"* ]]
    equal "$(found error)" ""
    equal "$(jq --compact-output '[.claims[] | select(.name == "shield") | .cpus]' /run/guest/check.json)" '["2-5"]'
}

@test "what was broken is found, told with what mends it, and found no more when it is mended" {
    local irq hooks=/usr/share/containers/oci/hooks.d
    # A machine that is whole: what check says of it now is not what was broken.
    rtshield reconcile >/dev/null
    breaks host.online-cpus 'echo 0 >/sys/devices/system/cpu/cpu5/online' \
        'echo 1 >/sys/devices/system/cpu/cpu5/online; rtshield reconcile >/dev/null'
    breaks kernel.irq-default-mask 'echo ff >/proc/irq/default_smp_affinity' 'rtshield reconcile >/dev/null'
    breaks kernel.workqueues 'echo ff >/sys/devices/virtual/workqueue/cpumask' 'rtshield reconcile >/dev/null'
    # Where an interrupt really goes is seen after its next one: that of the share of tests comes with every file.
    irq=$(awk -F: '/virtio[0-9]*-requests/ { print $1 + 0; exit }' /proc/interrupts)
    breaks kernel.interrupts "echo 3 >/proc/irq/$irq/smp_affinity_list; find /guest/tests -type f -exec cat {} + >/dev/null" \
        'rtshield reconcile >/dev/null; find /guest/tests -type f -exec cat {} + >/dev/null'
    mkdir -p "$hooks" /etc/rtshield /var/lib/kubelet
    breaks hooks.files "echo '{\"version\": \"1.0.0\", ' >$hooks/99-broken.json" "rm $hooks/99-broken.json"
    rtshield install podman >/dev/null
    breaks hooks.programs 'mv /usr/local/bin/rtshield-hook /run/guest/away' 'mv /run/guest/away /usr/local/bin/rtshield-hook'
    rtshield uninstall podman >/dev/null
    breaks host.configuration "printf 'shield:\n  cpus: 2-\n' >/etc/rtshield/config.yaml" 'rm /etc/rtshield/config.yaml'
    breaks host.configured-shield "printf 'shield:\n  cpus: 4-5\n' >/etc/rtshield/config.yaml" 'rm /etc/rtshield/config.yaml'
    breaks kubelet.start \
        "echo '{\"policyName\":\"static\",\"defaultCpuSet\":\"0-7\",\"entries\":{},\"checksum\":7}' >/var/lib/kubelet/cpu_manager_state" \
        'rm /var/lib/kubelet/cpu_manager_state'
    breaks kubelet.files "printf 'kind: [' >/var/lib/kubelet/config.yaml" 'rm /var/lib/kubelet/config.yaml'
}

@test "a container that runs where it should not is found, and reconcile mends it" {
    bundle /run/guest/bundle-plain '.linux.cgroupsPath = "/plain" | .process.args = ["sleep", "1000"]'
    breaks containers.shared \
        'runc run --detach --bundle /run/guest/bundle-plain plain </dev/null &>/run/guest/said 3>&-' \
        'rtshield reconcile >/dev/null'
    runc delete --force plain
}

@test "a foreign group that takes CPUs from all others is found" {
    local root=/sys/fs/cgroup/foreign
    # On v1 no group can be exclusive beside those of engines: see cset-conflict.
    [[ $GUEST_CGROUP == v2 ]] || skip "cset comes first there"
    breaks host.partitions "mkdir $root && echo 6 >$root/cpuset.cpus && echo root >$root/cpuset.cpus.partition" \
        "echo member >$root/cpuset.cpus.partition; rmdir $root"
    breaks host.partitions "mkdir $root && echo 6 >$root/cpuset.cpus && echo isolated >$root/cpuset.cpus.partition" \
        "echo member >$root/cpuset.cpus.partition; rmdir $root"
    # What rtshield narrowed to the CPUs that were left is as it was.
    equal "$(found warning | grep -xE 'host[.](partitions|lost-cpus)')" ""
}

@test "a foreign group far from the root that takes CPUs is found too" {
    local root=/sys/fs/cgroup/foreign
    [[ $GUEST_CGROUP == v2 ]] || skip "there are no such partitions on v1"
    mkdir "$root"
    if [[ ! -e $root/cpuset.cpus.exclusive ]]; then
        rmdir "$root"
        skip "this kernel only has partitions below others"
    fi
    echo +cpuset >"$root/cgroup.subtree_control"
    mkdir "$root/far"
    breaks host.partitions "echo 6 | tee $root/cpuset.cpus $root/cpuset.cpus.exclusive $root/far/cpuset.cpus \
        $root/far/cpuset.cpus.exclusive && echo isolated >$root/far/cpuset.cpus.partition" \
        "echo member >$root/far/cpuset.cpus.partition; rmdir $root/far $root"
    equal "$(found warning | grep -xE 'host[.](partitions|lost-cpus)')" ""
}

@test "a recording tells what the machine tells" {
    local kind
    rtshield snapshot /run/guest/recording
    for kind in kernel host hooks kubelet; do
        diff <(rtshield check "$kind" --json | jq '[.findings[] | [.rule, .severity]]') \
            <(rtshield check "$kind" --json --sysroot /run/guest/recording | jq '[.findings[] | [.rule, .severity]]')
    done
}

@test "hostile files are told by name and line, and end nothing" {
    local hooks=/usr/share/containers/oci/hooks.d
    mkdir -p /var/lib/kubelet "$hooks"
    head -c 100M /dev/zero >/var/lib/kubelet/config.yaml
    head -c 1M /dev/urandom >/var/lib/kubelet/cpu_manager_state
    printf '[%.0s' {1..100000} >"$hooks/deep.json"
    mkfifo "$hooks/pipe.json"
    ln -s loop "$hooks/loop.json"
    run timeout 20 rtshield check
    echo "$output"
    equal "$status" 1
    [[ $output == */var/lib/kubelet/config.yaml* && $output == */var/lib/kubelet/cpu_manager_state* ]]
    [[ $output == *deep.json* ]]
    rm -r /var/lib/kubelet "$hooks"/{deep,pipe,loop}.json
    run rtshield check kubelet --kubelet-config /no/such/file
    equal "$status" 1
    [[ $output == *"cannot read /no/such/file: No such file or directory"* ]]
}
