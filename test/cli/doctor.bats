# SPDX-License-Identifier: Apache-2.0
# tamis doctor: its verdict agrees with create in every environment.
load ../lib

setup()
{
  requires tamis
  bundle
}

# agrees: the verdict of doctor must agree with the result of running the default bundle here.
agrees()
{
  local doctor=0 run=0
  jq -e .wouldStart <("$RUNTIME" doctor --json) >/dev/null || doctor=1
  rm -f "$BUNDLE/config.json"
  "$RUNTIME" spec --bundle "$BUNDLE" "$@"
  config '.process.terminal = false | .process.args = ["/bin/true"]'
  "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" || run=1
  equals "$doctor" "$run" "verdict of doctor and status of run" || return 1
  echo "verdict $doctor"
}
export -f agrees config equals

@test "doctor: status 0 if a default container starts" {
  requires root
  run "$RUNTIME" doctor
  expect_status 0
  expect_line 'A default container would start\.'
  run agrees
  expect_line 'verdict 0'
}

# whole_map COMMAND...: runs as root of a user namespace whose maps equal those of the host.
whole_map()
{
  unshare --user bash -c 'echo >&3; read -r _ <&4; exec "$@"' _ "$@" 3>"$T/up" 4<>"$T/go" &
  read -r _ <"$T/up"
  echo '0 0 4294967295' >"/proc/$!/uid_map"
  echo '0 0 4294967295' >"/proc/$!/gid_map"
  echo >"$T/go"
  wait $!
}

@test "a user namespace with the host's maps is recognized as not the host's" {
  requires root
  mkfifo "$T/up" "$T/go"
  run whole_map cat /proc/self/uid_map
  expect_output '4294967295'
  run whole_map "$RUNTIME" doctor --json
  jq -e '.checks[] | select(.area == "user namespaces" and .name == "this process")' <<<"$output"
  XDG_RUNTIME_DIR=$T/xdg run whole_map strace -f -qq -e trace=openat "$RUNTIME" list
  expect_output "$T/xdg/tamis"
}

@test "doctor: status 1 without a mounted cgroup; create fails, too" {
  requires root
  export BUNDLE ID ROOT
  run unshare -m bash -c 'umount -R /sys/fs/cgroup && "$RUNTIME" doctor'
  expect_status 1
  expect_output 'would not start'
  expect_output 'no cgroup hierarchy is mounted'
  run unshare -m bash -c 'umount -R /sys/fs/cgroup && agrees'
  expect_line 'verdict 1'
}

@test "doctor: status 1 with read-only cgroup mounts; create fails, too" {
  requires root
  export BUNDLE ID ROOT
  run unshare -m bash -c '
    for m in $(findmnt -nrt cgroup,cgroup2 -o TARGET); do mount -o remount,bind,ro "$m"; done
    agrees'
  expect_line 'verdict 1'
}

@test "doctor: status 1 with a masked /proc in a user namespace; names procfs" {
  requires root
  run unshare -Urmpf bash -c '
    mount -t tmpfs none /proc/sys && "$RUNTIME" doctor'
  expect_status 1
  expect_output 'procfs cannot be mounted'
}

@test "doctor: status 1 if a user cannot make user namespaces; names the sysctl" {
  requires root
  run unshare -Ur bash -c 'echo 0 >/proc/sys/user/max_user_namespaces && "$RUNTIME" doctor --json'
  expect_status 1
  jq -e '.wouldStart == false and (.obstacle | contains("namespaces"))' <<<"$output"
  jq -e '.checks[] | select(.name == "max_user_namespaces") | .mark == "warn" and
    (.advice | contains("sysctl"))' <<<"$output"
}

@test "doctor: agrees with create for an ordinary user" {
  requires root
  export BUNDLE ID ROOT=$T/rootless
  mkdir "$ROOT"
  chmod 755 "$T" "$BATS_RUN_TMPDIR"
  chown -R 65534:65534 "$BUNDLE" "$ROOT"
  run setpriv --reuid 65534 --regid 65534 --clear-groups bash -c 'agrees --rootless'
  expect_line 'verdict 0'
}

@test "doctor: counts the subordinate ids of a user, given by name or by number" {
  requires root
  printf '%s\n' 'nobody:100000:65536' '65534:300000:10' 'root:1:1' 'broken' 'nobody:x' \
    'nobody2:1:7' >"$T/subuid"
  : >"$T/subgid"
  run unshare -m bash -c 'mount --bind "$0/subuid" /etc/subuid; mount --bind "$0/subgid" /etc/subgid
    exec setpriv --reuid 65534 --regid 65534 --clear-groups "$RUNTIME" doctor --json' "$T"
  equals "$(jq -r '.checks[] | select(.name == "/etc/subuid") | .found' <<<"$output")" \
    '65546 ids for nobody' subuid
  jq -e '.checks[] | select(.name == "/etc/subgid") | .mark == "warn" and
    (.advice | contains("--add-subgids"))' <<<"$output"
}

@test "doctor: works without root, HOME, PATH, /run and /sys" {
  requires root
  chmod 755 "$T" "$BATS_RUN_TMPDIR"
  run unshare -m bash -c 'mount -t tmpfs none /run; mount -t tmpfs none /sys
    exec env -i setpriv --reuid 65534 --regid 65534 --clear-groups "$0" doctor' "$RUNTIME"
  [ "$status" -le 1 ]
  expect_line '[a-z]+ +seccomp|seccomp'
  expect_output 'KILL_PROCESS'
  expect_output 'default container would'
}

@test "doctor --json: one document; marks, obstacle and exit status agree" {
  run --separate-stderr "$RUNTIME" doctor --json
  equals "$stderr" "" "standard error"
  equals "$(jq -s length <<<"$output")" 1 "documents"
  jq -e --argjson rc "$status" '.wouldStart == ($rc == 0) and .wouldStart == (.obstacle == null) and
    (.checks | length > 25) and
    all(.checks[]; (.mark | IN("ok", "warn", "missing")) and (.area | length > 0) and
      (.name | length > 0) and (.found | type == "string") and
      ((.mark == "ok") == (.advice == null)))' <<<"$output"
}

@test "doctor: at most 80 columns, no colour in a pipe" {
  run "$RUNTIME" doctor
  equals "$(awk 'length > 80' <<<"$output")" "" "long lines"
  expect_no_output $'\033'
}

@test "doctor: colours on a terminal, unless NO_COLOR is set" {
  type -P script >/dev/null || skip "script is not installed"
  run env script -qec "$RUNTIME doctor" /dev/null </dev/null
  expect_output $'\033[32mok'
  run env NO_COLOR=1 script -qec "$RUNTIME doctor" /dev/null </dev/null
  expect_no_output $'\033'
}

@test "doctor: finds tamis in the configuration files of engines" {
  requires root
  requires program podman
  run unshare -m bash -c 'mkdir -p /etc/containers && mount -t tmpfs none /etc/containers
    echo "# tamis is no comment" >/etc/containers/containers.conf; exec "$RUNTIME" doctor --json'
  jq -e '.checks[] | select(.name == "Podman") | .mark == "warn"' <<<"$output"
  run unshare -m bash -c 'mount -t tmpfs none /etc/containers
    cp "$TAMIS_SRCDIR/dist/podman/50-tamis.conf" /etc/containers/containers.conf
    exec "$RUNTIME" doctor --json'
  jq -e '.checks[] | select(.name == "Podman") | .mark == "ok"' <<<"$output"
}

# bats test_tags=ci
@test "doctor: leaves no mount, process or cgroup behind" {
  requires root
  local before after
  # Cgroups of other processes come and go; those that doctor leaves behind stay.
  for _ in {1..50}; do
    before=$(find /sys/fs/cgroup -type d 2>/dev/null | sort)
    TAMIS_TEST_MARK=$MARK "$RUNTIME" doctor >/dev/null
    after=$(find /sys/fs/cgroup -type d 2>/dev/null | sort)
    [ "$before" != "$after" ] || break
  done
  equals "$after" "$before" cgroups
  equals "$(leftovers)" "" leftovers
}
