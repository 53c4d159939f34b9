# shellcheck shell=bash
# Containers on whatever engine: an image named `busybox` for Docker and Podman, bundles for runc and crun.

# A root file system made of busybox, built on first use.
GUEST_ROOTFS=/run/guest/rootfs
PRINT_CPUS="awk '/^Cpus_allowed_list/ { print \$2 }' /proc/self/status"

rootfs() {
    if [[ ! -d $GUEST_ROOTFS ]]; then
        mkdir -p "$GUEST_ROOTFS".partial/{bin,etc,dev,proc,sys,tmp,root}
        cp /bin/busybox "$GUEST_ROOTFS.partial/bin/"
        chroot "$GUEST_ROOTFS.partial" /bin/busybox --install -s /bin
        # busybox has none, and containers raise themselves with it.
        copy_program /usr/bin/chrt "$GUEST_ROOTFS.partial"
        echo root:x:0:0:root:/root:/bin/sh >"$GUEST_ROOTFS.partial/etc/passwd"
        mv "$GUEST_ROOTFS.partial" "$GUEST_ROOTFS"
    fi
    echo "$GUEST_ROOTFS"
}

# Copies a program and the libraries that it is linked with: copy_program PATH ROOT.
copy_program() {
    local file
    for file in "$1" $(ldd "$1" | grep -o '/[^ ]*'); do install -D "$file" "$2$file"; done
}

# Writes an OCI bundle that prints its CPUs: bundle DIR [JQ-FILTER]. The filter edits config.json.
bundle() {
    local dir=$1 filter=${2:-.} spec=/run/guest/spec
    rootfs >/dev/null
    [[ -d $spec ]] || { mkdir -p "$spec" && runc spec --bundle "$spec"; }
    mkdir -p "$dir"
    jq --arg rootfs "$GUEST_ROOTFS" --arg script "$PRINT_CPUS" '
        .root = { path: $rootfs, readonly: true } | .process.terminal = false |
        .process.args = ["sh", "-c", $script] | '"$filter" "$spec/config.json" >"$dir/config.json"
}

# Makes Docker ready: the daemon runs, and has the image `busybox`. Asks the client as little as possible: each call of it
# costs seconds under emulation. A daemon that has just started may go away once more: its containerd is late then.
docker_ready() {
    [[ -e /var/lib/docker/guest-image ]] && pgrep -x dockerd >/dev/null && return
    eventually 120 import_into_docker && touch /var/lib/docker/guest-image
}

import_into_docker() {
    pgrep -x dockerd >/dev/null || start_docker || return
    tar -C "$(rootfs)" -c . | docker import - busybox >/dev/null
}

start_docker() {
    if has_systemd; then
        systemctl start docker.service
    else
        rm -f /run/docker.sock
        outlive /var/log/dockerd.log dockerd
        eventually 120 test -S /run/docker.sock
    fi || {
        echo "dockerd does not start"
        if has_systemd; then journalctl -u docker.service -n 20 --no-pager; else tail -n 20 /var/log/dockerd.log; fi
        return 1
    }
}

stop_docker() {
    if has_systemd; then
        systemctl stop docker.service docker.socket containerd.service
    else
        pkill -TERM -x dockerd
        eventually 60 no_docker
    fi
}

no_docker() { ! pgrep -x 'dockerd|containerd' >/dev/null; }

# Makes Podman ready: it has the image `busybox`.
podman_ready() {
    [[ -e /var/lib/containers/guest-image ]] && return
    tar -C "$(rootfs)" -c . | podman import - busybox &>/dev/null && touch /var/lib/containers/guest-image
}

# Runs a container to its end that prints the CPUs it may use: container_cpus ENGINE ARGS…
#   docker, podman   ARGS are those of `run`; for podman, --runtime and --cgroup-manager may come first
#   runc, crun       ARGS are --cpuset-cpus LIST, --cgroups-path PATH, --systemd-cgroup, each optional
container_cpus() {
    local engine=$1
    shift
    case $engine in
        docker) docker_ready && docker run --rm "$@" busybox sh -c "$PRINT_CPUS" ;;
        podman) podman_ready && podman_run --rm "$@" -- sh -c "$PRINT_CPUS" ;;
        runc | crun) oci_run "$engine" "$PRINT_CPUS" "$@" ;;
    esac
}

# podman_run [--runtime R] [--cgroup-manager M] RUN-ARGS… -- COMMAND…
podman_run() {
    local first=() options=()
    while [[ $1 != -- ]]; do
        case $1 in
            --runtime | --cgroup-manager) first+=("$1" "$2") && shift ;;
            *) options+=("$1") ;;
        esac
        shift
    done
    shift
    podman "${first[@]}" run "${options[@]}" busybox "$@"
}

# Writes the bundle for the options of container_cpus and start_container, and runs it: oci_run ENGINE SCRIPT OPTIONS…
oci_run() {
    local engine=$1 script=$2 id=guest-$BASHPID filter='.' first=() run=(run)
    shift 2
    while (($#)); do
        case $1 in
            --cpuset-cpus) filter+=" | .linux.resources.cpu.cpus = \"$2\"" && shift ;;
            --cgroups-path) filter+=" | .linux.cgroupsPath = \"$2\"" && shift ;;
            --name) id=$2 && shift ;;
            --detach) run+=(--detach) ;;
            --systemd-cgroup) first+=(--systemd-cgroup) ;;
            *) echo "oci_run knows no option $1" && return 2 ;;
        esac
        shift
    done
    filter+=" | .process.args = [\"sh\", \"-c\", $(jq -n --arg script "$script" '$script')]"
    bundle "/run/guest/bundle-$id" "$filter" && "$engine" "${first[@]}" "${run[@]}" --bundle "/run/guest/bundle-$id" "$id"
}

# Starts a container that sleeps, and prints the PID of its first process: start_container ENGINE NAME ARGS…
# ARGS are those of container_cpus.
start_container() {
    local engine=$1 name=$2
    shift 2
    case $engine in
        docker)
            docker_ready && docker run --detach --name "$name" "$@" busybox sleep 100000 >/dev/null &&
                docker inspect --format '{{.State.Pid}}' "$name"
            ;;
        podman)
            podman_ready && podman_run --detach --name "$name" "$@" -- sleep 100000 >/dev/null 3>&- &&
                podman inspect --format '{{.State.Pid}}' "$name"
            ;;
        runc | crun)
            oci_run "$engine" "exec sleep 100000" --name "$name" --detach "$@" >/dev/null 2>&1 </dev/null 3>&- &&
                "$engine" state "$name" | jq .pid
            ;;
    esac
}

# Ends and removes a container: remove_container ENGINE NAME.
remove_container() {
    case $1 in
        podman) podman rm --force --time 0 "$2" >/dev/null ;;
        docker) docker rm --force "$2" >/dev/null ;;
        runc | crun) "$1" delete --force "$2" >/dev/null ;;
    esac
}

# The first number of an engine's version, and for runtimes the second behind it, such as `28` and `103` for 1.3: major_of NAME.
major_of() {
    case $1 in
        docker) docker version --format '{{.Server.Version}}' | cut -d. -f1 ;;
        podman) podman version --format '{{.Client.Version}}' | cut -d. -f1 ;;
        runc | crun) "$1" --version | awk 'NR == 1 { split($3, part, "."); print part[1] * 100 + part[2] }' ;;
    esac
}
