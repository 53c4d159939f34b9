# A shield that a file describes: checked, applied, kept as a service.
# machines: v1-plain-6.1 v2-systemd-6.12 v2-plain-7.2
# limit: 300

load ../lib/guest

setup_file() { mkdir -p /etc/rtshield; }

teardown_file() {
    rtshield destroy || true
    rm -rf /etc/rtshield
}

@test "what is wrong with a file is told with its line and column, and nothing changes" {
    printf 'shield:\n  cpus: 2-5\n  placment: open\n' >/etc/rtshield/config.yaml
    run rtshield config check /etc/rtshield/config.yaml
    echo "$output"
    equal "$status" 2
    [[ $output == *"/etc/rtshield/config.yaml:3:3: "* && $output == *"placement"* ]]
    run rtshield apply
    equal "$status" 2
    [[ ! -e /run/rtshield/journal ]]
    printf 'shield:\n  cpus: 2-500\n' >/etc/rtshield/config.yaml
    run rtshield config check
    equal "$status" 2
}

@test "apply makes what the file says, once" {
    cat >/etc/rtshield/config.yaml <<'END'
shield:
  cpus: 2-5
  partitions:
    user: 2-3
    docker: 4-5
  without: [vmstat]
  irqs:
    - match: "virtio*-input.0"
      cpus: 4
realtime:
  max-priority: 80
END
    rtshield config check
    rtshield apply
    equal "$(cat /proc/sys/vm/stat_interval)" 1
    equal "$(cat /proc/irq/default_smp_affinity)" c3
    equal "$(rtshield run -- awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)" 2-3
    run rtshield apply
    equal "$status" 0
    [[ $output == *"nothing was changed"* ]]
    sed -i 's/cpus: 2-5/cpus: 3-5/; s/user: 2-3/user: 3/' /etc/rtshield/config.yaml
    rtshield apply
    equal "$(rtshield status -q)" 3-5
    shielded 3-5
}

@test "the service applies the file, keeps it, and leaves the shield when it stops" {
    has_systemd || skip "no systemd"
    rtshield destroy
    sed "s|/usr/local/sbin/rtshield|$(command -v rtshield)|" "$BATS_TEST_DIRNAME/../packaging/systemd/rtshield.service" \
        >/run/systemd/system/rtshield.service
    systemctl daemon-reload
    systemctl start rtshield.service || { journalctl -u rtshield.service --no-pager && false; }
    equal "$(systemctl is-active rtshield.service)" active
    equal "$(rtshield status -q)" 3-5
    echo ff >/proc/irq/default_smp_affinity
    systemctl kill --kill-who=main --signal=HUP rtshield.service
    eventually 30 grep -q c7 /proc/irq/default_smp_affinity
    systemctl stop rtshield.service
    equal "$(rtshield status -q)" 3-5
    rm /run/systemd/system/rtshield.service
    systemctl daemon-reload
}

@test "whole cores are picked, with the reason" {
    rtshield destroy
    run rtshield create --cores 2
    echo "$output"
    equal "$status" 0
    equal "$(rtshield status -q)" 6-7
    [[ $output == *"chose CPUs 6-7: "* ]]
    rtshield destroy
    run rtshield create --cores 99
    equal "$status" 2
}
