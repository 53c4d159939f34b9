# shellcheck shell=bash
# What scenarios use, inside a guest: `load ../lib/guest`. Further files beside this one hold the parts.

GUEST_LIB=$(dirname "${BASH_SOURCE[0]}")
for part in machine containers snapshot shield noise grants kinds; do
    # shellcheck disable=SC1090
    . "$GUEST_LIB/guest/$part.bash"
done
