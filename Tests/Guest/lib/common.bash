# shellcheck shell=bash
# What every part of the bench uses: words for the user, and the tools it needs.

# Says what is being done, on standard error.
say() { printf 'bench: %s\n' "$*" >&2; }

# Says why the bench cannot go on, each further argument on a line of its own, and ends with status 2.
die() {
    printf 'bench: %s\n' "$1" >&2
    shift
    (($# == 0)) || printf '  %s\n' "$@" >&2
    exit 2
}

# Installs the Debian package of each `command:package` whose command is missing.
need() { "$ROOT/packaging/need" "$@" || exit; }

# The lines of a table without comments and blank lines.
table() { sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$1"; }
