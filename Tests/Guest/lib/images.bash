# shellcheck shell=bash
# Builds a root image a Debian suite and one small initramfs a kernel, outside the repository, each under a name that holds the
# hash of what it is made of: a changed recipe gives another name, so a stale image is never booted.

IMAGES=${RTSHIELD_GUEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rtshield-guest}
RECIPE=$GUEST/image

hash_of() { cat -- "$@" | sha256sum | cut -c1-12; }

root_image() { echo "$IMAGES/$1-$(hash_of "$RECIPE"/{packages,leave-out,archives,root} "$RECIPE/suites/$1"/*)"; }
boot_image() { echo "$(root_image "$1")-boot-$(hash_of "$RECIPE"/{boot,modules,initramfs})"; }

# Builds what is missing of these suites. Two benches that start at once do not build the same image twice.
build_images() {
    local suite
    mkdir -p "$IMAGES"
    for suite; do
        [[ -d $RECIPE/suites/$suite ]] || die "no image is described for Debian '$suite'"
        build "$(root_image "$suite")" "$RECIPE/root" "$suite"
        build "$(boot_image "$suite")" "$RECIPE/boot" "$suite"
    done
}

# Runs a recipe in a directory that gets its final name only when all went well: build IMAGE RECIPE [SUITE].
build() {
    local image=$1
    [[ ! -d $image ]] || return 0
    (
        flock 9
        [[ -d $image ]] || build_now "$@"
    ) 9>"$IMAGES/lock" || exit
}

build_now() {
    local image=$1 recipe=$2 suite=${3-} log=$1.log start=$SECONDS root=
    [[ ! $suite ]] || root=$(root_image "$suite")
    rm -rf "$image.partial"
    mkdir "$image.partial"
    say "building $(basename "$image") (log: $log)"
    if ! (cd "$image.partial" && RECIPE=$RECIPE ROOT_IMAGE=$root SUITE=$suite "$recipe") >"$log" 2>&1; then
        tail -n 15 "$log" | sed 's/^/  /' >&2
        die "cannot build $(basename "$image")" "the whole log is $log"
    fi
    mv "$image.partial" "$image"
    say "built $(basename "$image") in $((SECONDS - start)) s"
}
