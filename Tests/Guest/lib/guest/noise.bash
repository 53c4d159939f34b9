# shellcheck shell=bash
# What disturbs CPUs, told by the kernel alone.

# The CPUs of a list, one a line: each_cpu LIST.
each_cpu() {
    local part cpu
    for part in ${1//,/ }; do
        for ((cpu = ${part%-*}; cpu <= ${part#*-}; cpu++)); do echo "$cpu"; done
    done
}

# Succeeds when two CPU lists share a CPU: overlap LIST LIST. Without a program: an emulated CPU needs long to start one.
overlap() {
    local cpu
    local -A first=()
    for cpu in $(each_cpu "$1"); do first[$cpu]=1; done
    for cpu in $(each_cpu "$2"); do [[ ! ${first[$cpu]-} ]] || return 0; done
    return 1
}

# The numbers of the interrupts whose name matches a regex, lowest first: irqs_named REGEX.
irqs_named() { grep -lE -- "$1" /sys/kernel/irq/*/actions | cut -d/ -f5 | sort -n; }

# How often each device interrupt came to the CPUs, and which: device_interrupts LIST. Local ones have no number.
device_interrupts() {
    awk -v list="$(each_cpu "$1" | paste -sd' ')" '
        NR == 1 { for (i = 1; i <= NF; i++) column[substr($i, 4)] = i + 1; count = split(list, cpus, " "); next }
        $1 ~ /^[0-9]+:$/ {
            sum = 0
            for (i = 1; i <= count; i++) sum += $(column[cpus[i]])
            print $1, sum, $NF
        }' /proc/interrupts
}

# Writes, reads and sends packets on the housekeeping CPUs for some seconds: load SECONDS.
load() {
    local end=$((SECONDS + $1))
    stress-ng --quiet --cpu 2 --udp 1 --hdd 1 --hdd-bytes 16m --temp-path /tmp --timeout "$1" &
    while ((SECONDS < end)); do
        # The root file system lies on a virtio disk: dropping its pages makes it read again.
        echo 1 >/proc/sys/vm/drop_caches
        cat /usr/bin/stress-ng /usr/sbin/dockerd >/dev/null
        ping_net
    done
    wait $!
}

# Takes a CPU offline and online again: cycle_cpu N. What cgroup v1 takes from groups that are not rtshield's is given back: a
# kernel's loss, and neither rtshield's to repair nor a change that the next scenario should meet.
cycle_cpu() {
    local root groups=() cpus=() index
    root=$(cpuset_root)
    if [[ $(cpuset_version) == v1 ]]; then
        # Parents come first.
        mapfile -t groups < <(find "$root" -mindepth 2 -name cpuset.cpus -printf '%d %p\n' | sort -n | cut -d' ' -f2- |
            grep -vE "^$root/(system|user|docker/rtshield)/")
        for index in "${!groups[@]}"; do cpus[index]=$(<"${groups[index]}"); done
    fi
    echo 0 >"/sys/devices/system/cpu/cpu$1/online"
    sleep 1
    echo 1 >"/sys/devices/system/cpu/cpu$1/online"
    for index in "${!groups[@]}"; do
        [[ $(<"${groups[index]}") == "${cpus[index]}" ]] || echo "${cpus[index]}" >"${groups[index]}"
    done
}

# Brings the virtio network device up, and has it send.
net_up() { ip link set eth0 up && { ip addr add 10.0.2.15/24 dev eth0 2>/dev/null || true; }; }
ping_net() {
    for _ in 1 2 3 4; do
        # The answer to the question who has this address comes through the receiving queue.
        ip neigh flush dev eth0
        echo x >/dev/udp/10.0.2.2/9 || true
        sleep 0.1
    done
}

# Sends, and succeeds once the interrupts of the network device do not go to these CPUs any more: network_leaves LIST. The device
# rarely tells that it has sent, and until it does once more that interrupt has its old CPU.
network_leaves() {
    local irq
    ping_net
    for irq in $(irqs_named 'virtio.*-(in|out)put'); do
        ! overlap "$(<"/proc/irq/$irq/effective_affinity_list")" "$1" || return 1
    done
}

# Starts an irqbalance that looks every second.
start_irqbalance() {
    if has_systemd; then
        mkdir -p /run/systemd/system/irqbalance.service.d
        printf '[Service]\nExecStart=\nExecStart=/usr/sbin/irqbalance --foreground --interval=1\n' \
            >/run/systemd/system/irqbalance.service.d/10-guest.conf
        systemctl daemon-reload
        systemctl start irqbalance.service
    else
        mkdir -p /run/irqbalance
        irqbalance --foreground --interval=1 >/run/irqbalance.log 2>&1 3>&- &
    fi
    eventually 30 irqbalance_answers
}

stop_irqbalance() {
    if has_systemd; then
        systemctl stop irqbalance.service
        rm -f /run/systemd/system/irqbalance.service.d/10-guest.conf
        rmdir /run/systemd/system/irqbalance.service.d 2>/dev/null || true
        systemctl daemon-reload
    else
        pkill -x irqbalance || true
        eventually 10 sh -c '! pgrep -x irqbalance'
    fi
}

# Its service may have a network of its own, and then its socket is not among those of this one.
irqbalance_answers() {
    grep -qs 'irqbalance[0-9]*[.]sock' /proc/net/unix "/proc/$(pgrep -x irqbalance)/net/unix"
}

# Succeeds when irqbalance leaves exactly these CPUs alone, as it says itself: irqbalance_leaves LIST.
irqbalance_leaves() {
    rtshield status --json | jq -e --arg cpus "$1" '.noise[] | select(.attribute == "irqbalance") | .values[0].cpus == $cpus'
}
