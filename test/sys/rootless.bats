# SPDX-License-Identifier: Apache-2.0
# An ordinary user: maps by newuidmap(1) and newgidmap(1), with and without a cgroup of one's
# own. The user is one of this mount namespace: what is in /etc is copied and covered.
load ../lib

USERID=5555 FIRST=300000

setup_file()
{
  [ "$(id -u)" = 0 ] || return 0
  local file
  for file in passwd group subuid subgid; do
    cp "/etc/$file" "$BATS_FILE_TMPDIR/$file" 2>/dev/null || : >"$BATS_FILE_TMPDIR/$file"
    chmod 644 "$BATS_FILE_TMPDIR/$file"
  done
  echo "ordinary:x:$USERID:$USERID::/nonexistent:/bin/sh" >>"$BATS_FILE_TMPDIR/passwd"
  echo "ordinary:x:$USERID:" >>"$BATS_FILE_TMPDIR/group"
  echo "ordinary:$FIRST:65536" | tee -a "$BATS_FILE_TMPDIR/subgid" >>"$BATS_FILE_TMPDIR/subuid"
  for file in passwd group subuid subgid; do
    [ -e "/etc/$file" ] || skip "this machine has no /etc/$file"
    mount --bind "$BATS_FILE_TMPDIR/$file" "/etc/$file"
  done
}

teardown_file()
{
  [ "$(id -u)" = 0 ] || return 0
  umount /etc/passwd /etc/group /etc/subuid /etc/subgid
}

# From here on $RUNTIME is run by the user.
setup()
{
  requires root
  requires program newuidmap
  requires program setpriv
  bundle
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_FILE_TMPDIR/.." "$T/.." "$T"
  cat >"$T/as-user" <<END
#!/bin/sh
exec setpriv --reuid $USERID --regid $USERID --init-groups env -i PATH=/usr/bin:/bin \
  TAMIS_TEST_MARK=$MARK XDG_RUNTIME_DIR=$T/run "\$@"
END
  # in the cgroup that $T/cgroup names, where there is such a file
  cat >"$T/rt" <<END
#!/bin/sh
[ ! -e "$T/cgroup" ] || echo \$\$ >"\$(cat "$T/cgroup")/cgroup.procs"
exec "$T/as-user" "$RUNTIME" "\$@"
END
  chmod 755 "$T/as-user" "$T/rt"
  RUNTIME=$T/rt
  mkdir -p "$T/run" "$ROOT"
  rm -rf "$ROOTFS"
  cp -a "$BATS_RUN_TMPDIR/image" "$ROOTFS"
  config 'del(.linux.cgroupsPath) | .linux.namespaces += [{"type": "user"}, {"type": "cgroup"}]'
  chown -R $USERID:$USERID "$T/b" "$T/run" "$ROOT"
  chown $USERID "$T"
  maps '0 5555 1, 1 300000 65535' '0 5555 1, 1 300000 65535'
}

teardown()
{
  clean
}

# maps UIDS GIDS: "CONTAINER HOST SIZE, ..."
maps()
{
  config 'def list: split(", ") | map(split(" ") | map(tonumber) |
      {containerID: .[0], hostID: .[1], size: .[2]});
    .linux.uidMappings = ($u | list) | .linux.gidMappings = ($g | list)' --arg u "$1" --arg g "$2"
}

# The own id and nothing else.
one_id()
{
  maps '0 5555 1' '0 5555 1'
  config '.mounts |= map(if .options then .options -= ["gid=5"] else . end)'
}

@test "several ranges, by newuidmap and newgidmap" {
  view 'cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups; id -u; touch /tmp/x 2>&1
    grep -E "Seccomp|NoNew" /proc/self/status'
  expect_status 0
  equals "$(grep -cE '^ +0 +5555 +1$' <<<"$output")" 2 'own id'
  equals "$(grep -cE '^ +1 +300000 +65535$' <<<"$output")" 2 'range'
  expect_line allow
  expect_line 0
}

@test "another user, groups" {
  config '.process.user = {"uid": 1000, "gid": 1000, "additionalGids": [7, 100]}'
  view 'payload uids; id -G'
  expect_status 0
  expect_line 'uid 1000 1000 1000 gid 1000 1000 1000'
  expect_line '1000 7 100'
}

@test "one id: without newuidmap, setgroups denied" {
  one_id
  view 'cat /proc/self/uid_map /proc/self/setgroups; id -u'
  expect_status 0
  expect_line ' +0 +5555 +1'
  expect_line deny
}

@test "create, start, state, exec, kill, delete" {
  script 'sleep 100'
  create
  equals "$(stat -c %u "/proc/$PID")" $USERID owner
  equals "$(state_of)" created status
  run rt exec "$ID" /bin/sh -c 'echo in a created one'
  expect_line 'in a created one'
  start
  run rt exec "$ID" /bin/sh -c 'id -u; cat /proc/self/uid_map'
  expect_status 0
  expect_line ' +1 +300000 +65535'
  run rt exec --user 1000:1000 "$ID" /bin/sh -c 'payload uids; exit 3'
  expect_status 3
  expect_line 'uid 1000 1000 1000 gid 1000 1000 1000'
  rt kill "$ID" KILL
  wait_status stopped
  rt delete "$ID"
}

@test "state below XDG_RUNTIME_DIR" {
  script 'sleep 100'
  "$RUNTIME" create --bundle "$BUNDLE" "$ID" >"$T/out" 2>&1 3>&- </dev/null
  [ -e "$T/run/tamis/$ID/record" ]
  equals "$(stat -c %u:%a "$T/run/tamis/$ID")" $USERID:700 'state directory'
  "$RUNTIME" delete --force "$ID"
}

@test "terminal" {
  config '.process.terminal = true | .process.user = {"uid": 1000, "gid": 1000}'
  background tty setpriv --reuid $USERID --regid $USERID --clear-groups \
    "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  script 'stat -c "owner %u" $(readlink /proc/self/fd/0); : </dev/tty && echo controlling'
  create --console-socket "$T/console.sock"
  start
  until_true 5 grep -q controlling "$T/tty"
  grep -q 'owner 1000' "$T/tty"
}

@test "a seccomp agent" {
  background agent setpriv --reuid $USERID --regid $USERID --clear-groups \
    "$SYS/agent" "$T/agent.sock" "$T/agent.ready" "$T/agent.state"
  until_true 5 test -e "$T/agent.ready"
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $p,
    syscalls: [{names: ["execve", "write", "close"], action: "SCMP_ACT_NOTIFY"}]}' \
    --arg p "$T/agent.sock"
  view 'echo through'
  expect_status 0
  expect_line through
  grep -q execve <(tr , '\n' <"$T/agent.state") || grep -q seccompFd "$T/agent.state"
}

@test "namespaces of the host: network with its sysfs; not its pids with a new proc" {
  config '.linux.namespaces -= [{"type": "network"}]'
  view 'readlink /proc/self/ns/net; grep -c " /sys " /proc/self/mountinfo; touch /sys/x 2>&1
    ls /sys/class/net'
  expect_status 0
  expect_line "$(readlink /proc/self/ns/net | sed 's/[][]/\\&/g')"
  expect_output 'Read-only file system'
  config '.linux.namespaces -= [{"type": "pid"}]'
  refused 'expected a bind of the host'
}

@test "masks, read-only paths, tmpcopyup, sysctl" {
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  view 'cat /proc/sys/net/ipv4/ip_forward; echo x >/proc/sys/kernel/domainname || echo ro
    head -c1 /proc/kcore | wc -c; test -c /dev/null && echo x >/dev/null && echo null'
  expect_line 1
  expect_line ro
  expect_line 0
  expect_line null
}

@test "volumes: a read-only bind, and flags that the host locked stay" {
  mkdir "$T/volume" "$T/nosuid"
  mount -t tmpfs -o nosuid,nodev,noexec tmpfs "$T/nosuid"
  unmount_later "$T/nosuid"
  mkdir "$T/nosuid/x"
  chown $USERID:$USERID "$T/volume" "$T/nosuid/x"
  config '.mounts += [
    {destination: "/v", type: "bind", source: ($t + "/volume"), options: ["bind", "ro"]},
    {destination: "/n", type: "bind", source: ($t + "/nosuid/x"), options: ["rbind", "rw", "exec", "dev", "suid"]},
    {destination: "/m", type: "bind", source: ($t + "/nosuid"), options: ["rbind", "rprivate"]}]' --arg t "$T"
  view 'touch /v/x; touch /n/x && echo written; grep -E " /[vnm] " /proc/self/mountinfo'
  expect_status 0
  expect_output 'Read-only file system'
  expect_line written
  expect_line '.* /n rw,nosuid,nodev,noexec,relatime .*'
  MOUNTS_BEFORE=$(host_mounts | grep -v "$T/nosuid")
}

@test "refused: limits without a cgroup of one's own; a cgroupsPath too" {
  config '.linux.resources.pids.limit = 10'
  refused 'linux.resources.pids.limit: uid 5555 may not make cgroup'
  expect_output 'Delegate=yes'
  config 'del(.linux.resources.pids) | .linux.cgroupsPath = "/tamis-test/x"'
  refused 'linux.cgroupsPath: uid 5555 may not make cgroup'
}

@test "refused: ids that nobody gave" {
  maps '0 5555 1, 1 400000 100' '0 5555 1'
  refused 'linux.uidMappings /usr/bin/newuidmap: exited with 1'
  expect_output '/etc/subuid'
  maps '0 5555 1' '0 5555 1, 1 400000 100'
  refused 'linux.gidMappings /usr/bin/newgidmap: exited with 1'
  expect_output '/etc/subgid'
  maps '0 0 1' '0 0 1'
  refused 'linux.gidMappings'
}

@test "refused: a devpts whose group is not mapped" {
  maps '0 5555 1' '0 5555 1'
  refused 'option gid=5'
  expect_output 'mapped'
}

@test "refused: a raised limit, a lowered oom_score_adj" {
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", hard: 4000, soft: 100}]'
  (ulimit -n 2000 && refused 'process.rlimits: raise RLIMIT_NOFILE to 4000')
  config '.process.rlimits = [] | .process.oomScoreAdj = -500'
  refused 'process.oomScoreAdj: write -500'
}

@test "refused: no user namespace in the config" {
  config 'del(.linux.uidMappings, .linux.gidMappings) | .linux.namespaces -= [{"type": "user"}]'
  refused 'expected a user namespace'
}
