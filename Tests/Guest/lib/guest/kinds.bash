# shellcheck shell=bash
# Makes this machine look like one of the kinds of hosts that people build by hand for real-time work: the kernel is booted with
# their arguments (see ../../machines), and here are their files and daemons.

# Starts a program of a name that does nothing: daemon NAME ARGUMENT...
daemon() {
    local program=/usr/local/bin/$1
    printf '#!/bin/bash\nsleep infinity\n' >"$program"
    chmod +x "$program"
    outlive /dev/null "$program" "${@:2}"
}

# A host with Docker or Podman: all that it needs besides its arguments rtshield does.
make_plain() { docker_ready; }

# A worker of OpenShift: kubelet gives out CPUs, tuned sets the kernel.
make_openshift() {
    mkdir -p /etc/kubernetes /var/lib/kubelet /etc/tuned/openshift-node-performance
    cat >/etc/kubernetes/kubelet.conf <<'END'
kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
cgroupDriver: systemd
cgroupRoot: /
cpuManagerPolicy: static
cpuManagerReconcilePeriod: 5s
kubeReserved:
  cpu: 1000m
  memory: 1Gi
systemReserved:
  cpu: 2000m
  memory: 2Gi
evictionHard:
  memory.available: 100Mi
topologyManagerPolicy: best-effort
END
    echo '{"policyName":"static","defaultCpuSet":"0-2,7-15","entries":{"235148fe-393f-47a8-a17d-bd55bc1a836b":{"cyclictest":"3-6"}},"checksum":0}' \
        >/var/lib/kubelet/cpu_manager_state
    echo realtime >/etc/tuned/active_profile
    printf 'isolated_cores=3-15\n' >/etc/tuned/realtime-variables.conf
    daemon kubelet --config=/etc/kubernetes/kubelet.conf --node-labels=node-role.kubernetes.io/worker-rt
    daemon crio
    daemon tuned --no-dbus
}

# A real-time host of oVirt: virtual machines are pinned one to one.
make_ovirt() {
    mkdir -p /etc/tuned
    echo realtime-virtual-host >/etc/tuned/active_profile
    printf 'isolated_cores=6-9\n' >/etc/tuned/realtime-virtual-host-variables.conf
    printf '[global]\ndynamic_tuning = 0\n' >/etc/tuned/tuned-main.conf
    daemon tuned --no-dbus
    daemon libvirtd
}

# A compute host of OpenStack with real-time instances.
make_openstack() {
    mkdir -p /etc/tuned /etc/nova
    echo realtime-virtual-host >/etc/tuned/active_profile
    printf 'isolated_cores=4-11\n' >/etc/tuned/realtime-virtual-host-variables.conf
    printf '[DEFAULT]\nvcpu_pin_set = 4-11\n\n[libvirt]\ncpu_mode = host-passthrough\n' >/etc/nova/nova.conf
    daemon tuned --no-dbus
    daemon libvirtd
}

# Records this machine as one text, in the results of the bench: record_kind NAME.
record_kind() {
    local directory=/run/guest/kind-$1
    rtshield snapshot "$directory"
    # Of tasks only these daemons say anything about the kind of host.
    local pid
    for pid in "$directory"/proc/[0-9]*; do
        grep -qE '^Name:.(systemd|init|kubelet|crio|tuned|libvirtd|dockerd|containerd|irqbalance)$' "$pid/status" || rm -r "$pid"
    done
    # Nor do most lines of large files.
    sed -i '/CONFIG_RT_GROUP_SCHED\|CONFIG_NO_HZ_FULL\|CONFIG_PREEMPT_RT/!d' "$directory"/boot/config-* 2>/dev/null || true
    sed -i '/^$/q' "$directory/proc/cpuinfo"
    find "$directory/usr" "$directory/etc" -type f -name '*.conf' -exec sed -i '/^ *#/d; /^$/d' {} +
    (cd "$directory" && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs tail -n +1 -v --) >"/guest/results/$1.machine"
}
