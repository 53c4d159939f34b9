# Hosts as people build them by hand for real-time work: what is meant there is understood, and what is missing told.
# machines: openshift-6.1-rt ovirt-6.1-rt openstack-6.1-rt plain-6.12 plain-7.2
# limit: 300

load ../lib/guest

setup_file() {
    KIND=${GUEST_MACHINE%%-*}
    export KIND
    mkdir -p /run/guest
    "make_$KIND"
}

findings() { rtshield check "$@" --json | jq --raw-output '.findings[] | "\(.severity) \(.rule)"' | sort -u; }

@test "what is meant to be quiet is what the kind of host means" {
    run rtshield check
    echo "$output"
    equal "$status" 0
    case $KIND in
        openshift) [[ $output == *"CPUs 3-15 are meant to be quiet, according to kubelet's reservation."* ]] ;;
        ovirt) [[ $output == *"CPUs 6-9 are meant to be quiet, according to the kernel's command line."* ]] ;;
        plain) [[ $output == *"CPUs 2-5 are meant to be quiet, according to the kernel's command line."* ]] ;;
        openstack) [[ $output == *"CPUs 4-11 are meant to be quiet, according to the kernel's command line."* ]] ;;
    esac
}

@test "no setting of such a host is taken for an error, and what it does not do is noted" {
    findings >/run/guest/findings
    cat /run/guest/findings
    equal "$(grep -cE '^(warning|error) ' /run/guest/findings)" 0
    case $KIND in
        openshift)
            # Isolation comes from kubelet alone there: the tick and callbacks stay.
            grep -qxF 'note kernel.nohz-full' /run/guest/findings
            grep -qxF 'note kernel.rcu-nocbs' /run/guest/findings
            grep -qxF 'note kernel.kthread-cpus' /run/guest/findings
            grep -qxF 'note kubelet.counted' /run/guest/findings
            ;;
        plain)
            # What kargs prints is all that only boot can give.
            grep -qxF 'ok kernel.nohz-full' /run/guest/findings
            grep -qxF 'ok kernel.rcu-nocbs' /run/guest/findings
            ;;
        *)
            grep -qxF 'ok host.tuned-cpus' /run/guest/findings
            grep -qxF 'note kernel.isolcpus' /run/guest/findings
            ;;
    esac
}

@test "the profile of the kind says what else such a host is booted with" {
    findings kernel --profile "$KIND" >/run/guest/findings || true
    cat /run/guest/findings
    if [[ $KIND == plain ]]; then
        grep -qxF 'ok kernel.profile' /run/guest/findings
        [[ " $(</proc/cmdline) " == *" $(rtshield kargs --cpus 2-5) "* ]]
    else
        grep -q '^\(warning\|note\) kernel.profile$' /run/guest/findings
    fi
}

@test "a shield agrees with all of it" {
    local cpus
    cpus=$(rtshield check --json | jq --raw-output .intent.cpus)
    rtshield create --cpus "$cpus"
    run rtshield check
    echo "$output"
    [[ $output == *"CPUs $cpus are meant to be quiet, according to the shield."* ]]
    [[ $status == 0 || $status == 4 ]]
    rtshield destroy
}
