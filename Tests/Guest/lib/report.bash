# shellcheck shell=bash
# Counts what the transcripts say. Tests that never ran because their guest was gone count as failed.

# Prints `pass`, `fail` or `skip`, then a machine, a scenario and a sentence, for each test of a machine that ran.
outcomes() {
    awk -v machine="$1" '
        /^@scenario / { scenario = $2 }
        /^(not )?ok / {
            kind = /^not / ? "fail" : /# skip/ ? "skip" : "pass"
            sub(/^(not )?ok [0-9]+ /, ""); sub(/ in [0-9]+ms/, "")
            print kind, machine, scenario, $0
        }' "$2/transcript"
}

# One `fail` line for each test of a scenario that has no line in the transcript.
missing_outcomes() {
    local machine=$1 results=$2 name planned seen
    while read -r name _; do
        planned=$(count_tests "$results/tests/scenarios/$name.bats")
        seen=$(awk -v name="$name" '/^@scenario / { here = $2 == name } here && /^(not )?ok [1-9]/ { n++ } END { print n + 0 }' \
            "$results/transcript")
        for ((; seen < planned; seen++)); do echo "fail $machine $name (a test that did not run)"; done
    done <"$results/order"
}

# Ends the bench: failed tests by name, then the one line of counts.
report() {
    local machine all passed failed skipped
    all=$(for machine; do
        # shellcheck disable=SC2153  # set by bench
        outcomes "$machine" "$RESULTS/$machine"
        missing_outcomes "$machine" "$RESULTS/$machine"
        [[ ! -f $RESULTS/$machine/wrong ]] || echo "wrong $machine $(<"$RESULTS/$machine/wrong")"
    done)
    passed=$(grep -c '^pass ' <<<"$all")
    failed=$(grep -c '^fail ' <<<"$all")
    skipped=$(grep -c '^skip ' <<<"$all")
    echo
    sed -n -E -e 's/^fail ([^ ]+) ([^ ]+) (.*)/failed: \1, \2: \3/p' -e 's/^wrong ([^ ]+) /failed: \1 /p' <<<"$all" | uniq -c |
        sed -E -e 's/^ +1 //' -e 's/^ +([0-9]+) (.*)/\2 (\1 times)/'
    ((passed + failed)) || echo "no test was executed"
    echo "$passed passed, $failed failed$( ((skipped)) && echo ", $skipped skipped")"
    ((passed && !failed)) && ! grep -q '^wrong ' <<<"$all"
}
