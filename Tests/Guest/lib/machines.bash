# shellcheck shell=bash
# Reads the machine table and turns a machine into a qemu command.

machine_names() { table "$GUEST/machines" | awk '{print $1}'; }

# The Debian suites that machines are of, each once.
suites_of() {
    local machine
    for machine; do table "$GUEST/machines" | awk -v name="$machine" '$1 == name { print $2 }'; done | sort -u
}

# The machine last read: name, suite, kernel, init, cgroup, cpus (what qemu takes), count (of CPUs), nodes, memory, arguments.
declare -A MACHINE

read_machine() {
    local line name suite kernel init cgroup cpus nodes memory arguments
    line=$(table "$GUEST/machines" | awk -v name="$1" '$1 == name')
    [[ $line ]] || die "no machine is called '$1'" "they are: $(machine_names | paste -sd' ')"
    read -r name suite kernel init cgroup cpus nodes memory arguments <<<"$line"
    MACHINE=([name]=$name [suite]=$suite [kernel]=$kernel [init]=$init [cgroup]=$cgroup [cpus]=$cpus [count]=${cpus%%,*} [nodes]=$nodes
        [memory]=$memory [arguments]=$arguments)
}

# What a machine promises, for the scenarios to check: written to the results share, read by inside/runner.
machine_promises() {
    cat <<END
GUEST_MACHINE=${MACHINE[name]}
GUEST_SUITE=${MACHINE[suite]}
GUEST_KERNEL=${MACHINE[kernel]}
GUEST_INIT=${MACHINE[init]}
GUEST_CGROUP=${MACHINE[cgroup]}
GUEST_CPUS=${MACHINE[count]}
GUEST_NODES=${MACHINE[nodes]}
GUEST_ARGUMENTS='${MACHINE[arguments]}'
END
}

kernel_command_line() {
    local line="console=ttyS0 loglevel=5 panic=-1 apparmor=0 audit=0 mitigations=off random.trust_cpu=on tsc=reliable"
    line+=" no_timer_check watchdog_thresh=60 workqueue.watchdog_thresh=120 rcupdate.rcu_cpu_stall_timeout=120"
    line+=" net.ifnames=0 guest.init=${MACHINE[init]} guest.cgroup=${MACHINE[cgroup]} ${MACHINE[arguments]}"
    [[ ${MACHINE[init]} != systemd ]] || line+=" systemd.unit=multi-user.target systemd.show_status=1"
    [[ ${MACHINE[init]} != systemd ]] || line+=" systemd.default_timeout_start_sec=600 $(systemd_layout)"
    echo "$line"
}

systemd_layout() {
    case ${MACHINE[cgroup]} in
        v1) echo "systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1" ;;
        hybrid) echo "systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=0" ;;
        v2) echo "systemd.unified_cgroup_hierarchy=1" ;;
    esac
}

# Deals the CPUs out to the NUMA nodes in order.
memory_nodes() {
    local node nodes=${MACHINE[nodes]} each=$((MACHINE[count] / MACHINE[nodes]))
    ((nodes > 1)) || return 0
    for ((node = 0; node < nodes; node++)); do
        printf '%s\n' -object "memory-backend-ram,id=memory$node,size=$((MACHINE[memory] / nodes))M" \
            -numa "node,nodeid=$node,memdev=memory$node,cpus=$((node * each))-$((node * each + each - 1))"
    done
}

share() {
    printf '%s\n' -fsdev "local,id=$1,path=$2,security_model=none,multidevs=remap$3" \
        -device "virtio-9p-pci,fsdev=$1,mount_tag=$1"
}

# The emulated CPU; only as one of Intel's it tells the kernel which threads share a core.
cpu_model() { if [[ ${MACHINE[cpus]} == *threads=* ]]; then echo max,vendor=GenuineIntel; else echo max; fi; }

# The qemu command of the machine last read, one word a line; $1 is its results directory.
qemu_command() {
    local image boot kernel=${MACHINE[kernel]}
    image=$(root_image "${MACHINE[suite]}")
    boot=$(boot_image "${MACHINE[suite]}")
    printf '%s\n' "${EMULATOR[@]}" -nodefaults -no-user-config -no-reboot -display none -machine q35 \
        -accel tcg,thread=single -cpu "$(cpu_model)" -smp "${MACHINE[cpus]}" -m "${MACHINE[memory]}" -device virtio-rng-pci \
        -kernel "$boot/vmlinuz-$kernel" -initrd "$boot/initramfs-$kernel" -append "$(kernel_command_line)" \
        -drive "if=none,id=root,format=raw,readonly=on,file=$image/root.squashfs" -device virtio-blk-pci,drive=root \
        -netdev user,id=net,restrict=on -device virtio-net-pci,netdev=net,romfile=
    memory_nodes
    share tests "$1/tests" ,readonly=on
    share build "$BUILD" ,readonly=on
    share results "$1" ""
}
