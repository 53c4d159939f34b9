# shellcheck shell=bash
# The emulator: QEMU 10 or newer, of this machine, or else out of a tree of its own.

OLDEST_QEMU=10

qemu_tree() { echo "$IMAGES/qemu-$(hash_of "$RECIPE"/{archives,qemu})"; }

# Makes the command that runs the emulator, one word an element of EMULATOR, and builds the tree where this machine has too old a one.
find_emulator() {
    local version tree
    version=$(qemu-system-x86_64 --version 2>/dev/null | sed -n 's/^QEMU emulator version \([0-9]*\).*/\1/p')
    if ((${version:-0} >= OLDEST_QEMU)); then
        # shellcheck disable=SC2034  # used by machines.bash
        EMULATOR=(qemu-system-x86_64)
        return
    fi
    mkdir -p "$IMAGES"
    build "$(qemu_tree)" "$RECIPE/qemu"
    tree=$(qemu_tree)/tree
    # Started by the loader of the tree, so that it finds the libraries that it was built with.
    # shellcheck disable=SC2034  # used by machines.bash
    EMULATOR=(env "QEMU_MODULE_DIR=$tree/usr/lib/x86_64-linux-gnu/qemu"
        "$tree/usr/lib64/ld-linux-x86-64.so.2" --library-path "$tree/usr/lib/x86_64-linux-gnu"
        "$tree/usr/bin/qemu-system-x86_64" -L "$tree/usr/share/qemu" -L "$tree/usr/share/seabios")
}
