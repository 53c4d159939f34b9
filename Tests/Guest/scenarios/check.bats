# What check says of a machine as it is, of a shielded one, and of one that is broken in many ways.
# machines: v1-plain-6.1 v2-plain-6.12 v2-systemd-6.1
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
    [[ $output == *"No CPU is meant to be quiet here"* ]]
}

@test "a shielded host has no errors either, and its shield is what is meant" {
    rtshield create --cpus 2-5
    run rtshield check
    echo "$output"
    [[ $status == 0 || $status == 4 ]]
    [[ $output == *"CPUs 2-5 are meant to be quiet, says the shield"* ]]
    equal "$(found error)" ""
    equal "$(jq --compact-output '[.claims[] | select(.name == "shield") | .cpus]' /run/guest/check.json)" '["2-5"]'
}
