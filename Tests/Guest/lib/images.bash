# shellcheck shell=bash
# Builds the root image and one small initramfs a kernel, outside the repository, each under a name that holds the hash
# of what it is made of: a changed recipe gives another name, so a stale image is never booted.

IMAGES=${RTSHIELD_GUEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rtshield-guest}
RECIPE=$GUEST/image
RELEASE=bookworm

hash_of() { cat -- "$@" | sha256sum | cut -c1-12; }

root_image() { echo "$IMAGES/root-$(hash_of "$RECIPE"/{packages,kernels,leave-out,root})"; }
boot_image() { echo "$(root_image)-boot-$(hash_of "$RECIPE"/{boot,modules,initramfs})"; }

# Builds what is missing. Two benches that start at once do not build the same image twice.
build_images() {
    [[ ! -d $(boot_image) ]] || return 0
    mkdir -p "$IMAGES"
    (
        flock 9
        [[ -d $(root_image) ]] || build "$(root_image)" "$RECIPE/root"
        [[ -d $(boot_image) ]] || build "$(boot_image)" "$RECIPE/boot"
    ) 9>"$IMAGES/lock"
}

# Runs a recipe in a directory that gets its final name only when all went well.
build() {
    local image=$1 recipe=$2 log=$1.log start=$SECONDS
    rm -rf "$image.partial"
    mkdir "$image.partial"
    say "building $(basename "$image") (log: $log)"
    if ! (cd "$image.partial" && RECIPE=$RECIPE ROOT_IMAGE=$(root_image) RELEASE=$RELEASE "$recipe") >"$log" 2>&1; then
        tail -n 15 "$log" | sed 's/^/  /' >&2
        die "cannot build $(basename "$image")" "the whole log is $log"
    fi
    mv "$image.partial" "$image"
    say "built $(basename "$image") in $((SECONDS - start)) s"
}
